namespace DotRec.Modeling;

/// <summary>Scores every item of a catalogue for some queries: what a ranking metric needs to know of a model.</summary>
internal abstract class ItemScorer
{
    /// <summary>Number of items, N.</summary>
    public abstract int ItemCount { get; }

    /// <summary>Writes the scores of queries first … first + count − 1, shape [count, N]. The same query always gets the same bits.</summary>
    public abstract void Score(int first, int count, Span<float> scores);
}
