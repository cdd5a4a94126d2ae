namespace DotRec.Indexing;

/// <summary>Builds the partitions and codes of an approximate index.</summary>
internal static class ScannBuilder
{
    /// <summary>Partitions and codes every row of a source.</summary>
    /// <param name="source">The items' embeddings, [N, D].</param>
    /// <param name="scoreFunction">What the index will rank by: cosines code unit-length rows, distances lifted ones (<see cref="L2Lift"/>).</param>
    /// <param name="options">Validated here. <see cref="ScannTier.FlatPq"/> makes one partition.</param>
    /// <param name="warmStart">An earlier build to begin from, or null.</param>
    /// <param name="progress">Told at each stage, from the building thread.</param>
    /// <param name="cancellation">Looked at between blocks of rows and rounds.</param>
    /// <exception cref="ArgumentException">A row holds NaN or infinity or is too long; the first such row is named.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left behind.</exception>
    public static QuantizedItems Build(
        EmbeddingSource source,
        ScoreFunction scoreFunction,
        ScannOptions options,
        WarmStart? warmStart = null,
        IProgress<ScannProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        throw new NotSupportedException("The build follows in the next commits.");
    }
}
