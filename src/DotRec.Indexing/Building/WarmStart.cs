using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// What an earlier index of nearly the same items hands to the next build: k-means begins at the means of its partitions and needs two or three
/// rounds. Not at its centroids: those are placed where scores lose least, and k-means would spend its rounds on moving them back.
/// </summary>
internal sealed class WarmStart
{
    /// <summary>
    /// How far two numbers of partitions may be apart for one to serve as the other. Routing costs as their number and scanning as its inverse, so
    /// 1.5 times the best number costs (1.5 + 1 / 1.5) / 2, 8 % more.
    /// </summary>
    private const double MaxRatio = 1.5;

    private readonly ScannSnapshot _snapshot;

    private WarmStart(ScannSnapshot snapshot) => _snapshot = snapshot;

    /// <summary>The projection of the earlier index, or null.</summary>
    public Projection? Projection => _snapshot.Form.Projection;

    public int PartitionCount => _snapshot.Codes.PartitionCount;

    /// <summary>Takes an index to begin at; the caller holds its memory during the build.</summary>
    /// <exception cref="ArgumentException">The index is of another space: another width or score function.</exception>
    public static WarmStart Of(ScannIndex warmStart, int dimension, ScoreFunction scoreFunction) =>
        warmStart.Dimension == dimension && warmStart.ScoreFunction == scoreFunction
            ? new WarmStart(warmStart.Snapshot)
            : throw new ArgumentException(
                $"The index to start from holds embeddings of {warmStart.Dimension} values scored by {warmStart.ScoreFunction}; those to build from have " +
                $"{dimension} and are scored by {scoreFunction}. Give an index of the same width and score function, or null to start cold.",
                nameof(warmStart));

    /// <summary>Whether so many partitions are near enough to those there were.</summary>
    public bool IsNear(int partitionCount) =>
        partitionCount <= MaxRatio * PartitionCount && PartitionCount <= MaxRatio * partitionCount;

    /// <summary>
    /// Whether a build can begin here: k-means adds centroids to fewer than it wants, but more would have to be chosen among. Codewords of far
    /// larger or smaller partitions are no start either.
    /// </summary>
    public bool Fits(int partitionCount) => PartitionCount > 1 && PartitionCount <= partitionCount && IsNear(partitionCount);

    /// <summary>The mean of each partition's items, [P, D], in the form in which a build partitions its rows.</summary>
    public float[] Means(CodedRows form)
    {
        var (width, dimension) = (_snapshot.Dimension, form.PlainDimension);
        var means = new float[PartitionCount * dimension];
        Parallelism.For(PartitionCount, partition =>
        {
            var place = _snapshot.Codes.Partitions[partition];
            var (row, coded, sums) = (new float[width], new float[dimension], new double[dimension]);
            for (var i = 0; i < place.ItemCount; i++)
            {
                _snapshot.Rows.CopyAt(place.FirstPosition + i, row);
                form.Form.Plain(row, coded);
                for (var j = 0; j < sums.Length; j++)
                {
                    sums[j] += coded[j];
                }
            }

            for (var j = 0; j < sums.Length && place.ItemCount > 0; j++)
            {
                means[(partition * dimension) + j] = (float)(sums[j] / place.ItemCount);
            }
        });
        return means;
    }

    /// <summary>The codewords, [M, 16, width]; null where they are of another projection.</summary>
    /// <param name="form">The form in which the build codes its rows.</param>
    public float[]? Codebook(CodedForm form) => form.Projection == Projection ? _snapshot.Tables.ToCodebook() : null;
}
