using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// A model that recommends by what a query had, in order: it needs no row of its own for a query, so that new users, sessions and baskets are answered as
/// known ones are.
/// </summary>
/// <remarks>Reading (scores, evaluation) is safe from any number of threads once a fit has ended. The same histories and settings give the same model.</remarks>
public abstract class HistoryModel
{
    private static readonly int[] DefaultKs = [1, 5, 10, 20, 50, 100];
    private int _itemCount = -1;

    /// <summary>Number of items that the model was fit for, N.</summary>
    /// <exception cref="InvalidOperationException">The model was not fit.</exception>
    public int ItemCount => _itemCount >= 0 ? _itemCount : throw new InvalidOperationException($"The model was not fit. Call {nameof(Fit)} first.");

    /// <summary>True once the model was fit.</summary>
    internal bool IsFit => _itemCount >= 0;

    /// <summary>Learns from histories, from the beginning.</summary>
    /// <param name="histories">What each query had.</param>
    /// <param name="progress">Hears which part of the work is done, 0 to 1; null for silence.</param>
    /// <param name="cancellationToken">Heard between parts of the work.</param>
    /// <exception cref="ArgumentException">There is no choice to learn from.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled. The model is to be fit again.</exception>
    public void Fit(Histories histories, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(histories);
        if (histories.Length == 0)
        {
            throw new ArgumentException("The histories hold no choice, so there is nothing to learn from.", nameof(histories));
        }

        _itemCount = -1;
        Learn(histories, progress, cancellationToken);
        _itemCount = histories.ItemCount;
        progress?.Report(1);
    }

    /// <summary>The scores of all items after a history, shape [N].</summary>
    /// <param name="history">Catalogue rows in order; may be empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">A row is not of the catalogue.</exception>
    public float[] Score(ReadOnlySpan<int> history)
    {
        var scores = new float[ItemCount];
        foreach (var item in history)
        {
            if ((uint)item >= (uint)scores.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(history), item, $"The history has row {item}; the rows of a catalogue of {scores.Length} items are 0 to {scores.Length - 1}.");
            }
        }

        Score(history, scores);
        return scores;
    }

    /// <summary>Ranks the chosen item of each example among all items, with and without those of its history.</summary>
    /// <param name="examples">What is asked and what was chosen.</param>
    /// <param name="ks">List lengths; 1, 5, 10, 20, 50 and 100 when none is given.</param>
    /// <param name="cancellationToken">Checked between blocks of examples.</param>
    /// <exception cref="ArgumentException">There is no example, or the histories are of another catalogue.</exception>
    public RetrievalReport Evaluate(NextItems examples, ReadOnlySpan<int> ks = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(examples);
        CheckCatalogue(examples);
        return Rank(ScorerOf(examples, cancellationToken), examples, ks, cancellationToken);
    }

    private protected void CheckCatalogue(NextItems examples)
    {
        if (examples.Histories.ItemCount != ItemCount)
        {
            throw new ArgumentException($"The examples are of a catalogue of {examples.Histories.ItemCount} items; the model was fit for {ItemCount}.", nameof(examples));
        }
    }

    /// <summary>Ranks the chosen item of each example by scores.</summary>
    internal static RetrievalReport Rank(ItemScorer scorer, NextItems examples, ReadOnlySpan<int> ks, CancellationToken cancellationToken)
    {
        var ranks = ItemRanks.Compute(scorer, examples.Items.ToArray(), SeenItems.From(examples.Histories), examples.Queries.ToArray(), cancellationToken);
        return RetrievalReport.FromRanks(ranks.All, ranks.ExcludingSeen, ks.IsEmpty ? DefaultKs : ks);
    }

    /// <summary>Learns from histories that hold at least one choice.</summary>
    private protected abstract void Learn(Histories histories, IProgress<double>? progress, CancellationToken cancellationToken);

    /// <summary>Scores all items for examples: one history after another, unless a model can do better.</summary>
    internal virtual ItemScorer ScorerOf(NextItems examples, CancellationToken cancellationToken) => new Scorer(this, examples);

    /// <summary>Says that the model is fit, though not by <see cref="Fit"/>: it was read.</summary>
    private protected void MarkFit(int itemCount) => _itemCount = itemCount;

    /// <summary>Writes the scores of all items after a history of rows that are in range.</summary>
    internal abstract void Score(ReadOnlySpan<int> history, Span<float> scores);

    private sealed class Scorer(HistoryModel model, NextItems examples) : ItemScorer
    {
        public override int ItemCount => model.ItemCount;

        public override void Score(int first, int count, Span<float> scores)
        {
            unsafe
            {
                // A span cannot go into a delegate.
                fixed (float* start = scores)
                {
                    var (rows, width) = ((nint)start, ItemCount);
                    Parallelism.For(count, i => model.Score(
                        examples.Histories.Of(examples.Queries[first + i]), new Span<float>((float*)rows + ((long)i * width), width)));
                }
            }
        }
    }
}
