namespace DotRec.Indexing;

/// <summary>
/// What an earlier index of nearly the same items hands to the next build: k-means begins at its centroids and needs two or three rounds.
/// </summary>
/// <param name="Dimension">Coded width D.</param>
/// <param name="Centroids">[P, D], placed: where scores lose least, not quite the means that k-means ends at.</param>
/// <param name="Codebook">[M, 16, 2].</param>
/// <param name="Lift">How squared distances were turned into inner products; null for inner products and cosines.</param>
internal sealed record WarmStart(int Dimension, float[] Centroids, float[] Codebook, L2Lift? Lift = null)
{
    /// <summary>
    /// How far two numbers of partitions may be apart for one to serve as the other. Routing costs as their number and scanning as its inverse, so
    /// 1.5 times the best number costs (1.5 + 1 / 1.5) / 2, 8 % more.
    /// </summary>
    public const double GreatestRatio = 1.5;

    public int PartitionCount => Centroids.Length / Dimension;

    /// <summary>Takes what an index was built with out of it.</summary>
    /// <exception cref="ArgumentException">The index is of another space: another width or score function.</exception>
    /// <exception cref="ObjectDisposedException">The index was disposed.</exception>
    public static WarmStart Of(ScannIndex warmStart, int dimension, ScoreFunction scoreFunction)
    {
        if (warmStart.Dimension != dimension || warmStart.ScoreFunction != scoreFunction)
        {
            throw new ArgumentException(
                $"The index to start from holds embeddings of {warmStart.Dimension} values scored by {warmStart.ScoreFunction}; those to build from have {dimension} and are scored by {scoreFunction}. Give an index of the same width and score function, or null to start cold.",
                nameof(warmStart));
        }

        using var hold = warmStart.Snapshot.Memory.Hold();
        var panels = warmStart.Snapshot.Router.Centroids;
        var centroids = new float[panels.Count * panels.Dimension];
        for (var partition = 0; partition < panels.Count; partition++)
        {
            panels.CopyRow(partition, centroids.AsSpan(partition * panels.Dimension, panels.Dimension));
        }

        return new WarmStart(panels.Dimension, centroids, warmStart.Snapshot.Tables.ToCodebook(), warmStart.Snapshot.Lift);
    }

    /// <summary>The centroids, [P, D], among rows that are lifted in another way: (c' − (c − 2sv)) / 2s' is what v, (c − |x|²) / 2s, would be.</summary>
    public float[] CentroidsUnder(L2Lift? lift)
    {
        var centroids = Centroids.ToArray();
        for (var last = Dimension - 1; Lift is { } before && lift is { } now && last < centroids.Length; last += Dimension)
        {
            centroids[last] = now.ItemValue(before.Center - (2.0 * before.QueryValue * centroids[last]));
        }

        return centroids;
    }

    /// <summary>
    /// Whether a build can begin here: k-means adds centroids to fewer than it wants, but more would have to be chosen among. Codewords of far
    /// larger or smaller partitions are no start either.
    /// </summary>
    public bool Fits(int dimension, int partitionCount) =>
        dimension == Dimension && PartitionCount > 1 && PartitionCount <= partitionCount && IsNear(partitionCount);

    /// <summary>Whether so many partitions are near enough to those there were.</summary>
    public bool IsNear(int partitionCount) =>
        partitionCount <= GreatestRatio * PartitionCount && PartitionCount <= GreatestRatio * partitionCount;
}
