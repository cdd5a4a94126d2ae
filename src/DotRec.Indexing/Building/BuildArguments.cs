namespace DotRec.Indexing;

/// <summary>The checks every index makes of the shapes it is built from.</summary>
internal static class BuildArguments
{
    /// <summary>The width of embeddings of which there is one an id.</summary>
    public static int DimensionOf(ReadOnlySpan<float> embeddings, ItemIds ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Count == 0 || embeddings.Length == 0 || embeddings.Length % ids.Count != 0)
        {
            throw new ArgumentException(
                ids.Count == 0
                    ? "There are no ids, so the embeddings' width is unknown. Use the overload that takes the dimension."
                    : $"{embeddings.Length} values cannot be split over {ids.Count} ids: every item needs one embedding, all of the same width.",
                nameof(embeddings));
        }

        return embeddings.Length / ids.Count;
    }

    /// <summary>The number of embeddings of a width.</summary>
    public static int CountOf(ReadOnlySpan<float> embeddings, int dimension, ScoreFunction scoreFunction)
    {
        EmbeddingPanels.Check(dimension, scoreFunction);
        return embeddings.Length % dimension == 0
            ? embeddings.Length / dimension
            : throw new ArgumentException(
                $"The embeddings hold {embeddings.Length} values, which is no whole number of rows of {dimension}.", nameof(embeddings));
    }
}
