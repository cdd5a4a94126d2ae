namespace DotRec.Indexing;

/// <summary>How an approximate index is built and searched. Immutable; the defaults fit most corpora.</summary>
public sealed record ScannOptions
{
    /// <summary>Which structure is searched.</summary>
    /// <value><see cref="ScannTier.Auto"/>: chosen by <see cref="Suggested"/>.</value>
    public ScannTier Tier { get; init; } = ScannTier.Auto;

    /// <summary>Partitions, P; more than there are items counts as one an item.</summary>
    /// <value>null: <see cref="SuggestedPartitionCount"/>, or as many as the index has from which the build starts, if that is near.</value>
    public int? PartitionCount { get; init; }

    /// <summary>Partitions a query scans, 1 or more; more than P counts as all.</summary>
    /// <value>null: as many as reach <see cref="TargetRecall"/> for queries that are like the items, unless <see cref="RescoringCount"/> is given.</value>
    public int? PartitionsToSearch { get; init; }

    /// <summary>Candidates whose exact score is computed, at least k.</summary>
    /// <value>null: as many as reach <see cref="TargetRecall"/>, unless <see cref="PartitionsToSearch"/> is given: then 100 · √(k / 10).</value>
    public int? RescoringCount { get; init; }

    /// <summary>
    /// Share of the <see cref="K"/> best items that searches are to find, above 0 up to 1. The build tries some of the items as queries, which takes
    /// some percent of its time; with queries of your own, <see cref="ScannIndex.Calibrate(ReadOnlySpan{float}, double, int, CancellationToken)"/>
    /// knows better.
    /// </summary>
    /// <value>0.9.</value>
    public double TargetRecall { get; init; } = 0.9;

    /// <summary>k, candidates a query, that <see cref="TargetRecall"/> is meant for.</summary>
    /// <value>10.</value>
    public int K { get; init; } = 10;

    /// <summary>How the rows for rescoring are stored.</summary>
    /// <value><see cref="RescoringFormat.Float32"/>.</value>
    public RescoringFormat RescoringFormat { get; init; } = RescoringFormat.Float32;

    /// <summary>Items a partition that k-means learns from, 16 or more; the rest are only assigned.</summary>
    /// <value>96.</value>
    public int TrainingSampleLimit { get; init; } = 96;

    /// <summary>Most rounds of k-means; it stops earlier once the loss falls by less than 0.1 % a round.</summary>
    /// <value>10.</value>
    public int KMeansIterations { get; init; } = 10;

    /// <summary>
    /// η of the centroids, 1 to 16: how many times worse an error along an item is than one across it. 1 leaves the means; larger values pull
    /// centroids towards the items that score highest.
    /// </summary>
    /// <value>null: 4 for inner products and cosines, and for distances 1, the means, to which the nearest items are near.</value>
    public float? PartitionEta { get; init; }

    /// <summary>
    /// η of the codes, 1 to 64: as <see cref="PartitionEta"/>, for choosing each item's codewords and scale. For distances the excess over 1 is
    /// multiplied by how many times longer an item is than what is left of it without its centroid, squared: queries are near their items there.
    /// </summary>
    /// <value>3.</value>
    public float EncodingEta { get; init; } = 3;

    /// <summary>Puts every item into a second partition as well, chosen so that the two errors are unlike (SOAR, Sun et al. 2023).</summary>
    /// <value>
    /// null: below 256 dimensions not; from there on where it pays for the nearest of some of the items, which the build looks for.
    /// </value>
    public bool? Soar { get; init; }

    /// <summary>λ of the second assignment, 0 to 100: how much an error parallel to the first one costs.</summary>
    /// <value>1.</value>
    public float SoarLambda { get; init; } = 1;

    /// <summary>Everything random follows from it: same seed, same index.</summary>
    /// <value>0.</value>
    public ulong Seed { get; init; }

    /// <summary>Dimensions that items are projected to before they are coded, 0 for all they have; null: chosen by the build.</summary>
    internal int? CodedDimension { get; init; }

    /// <summary>Items below which partitions gain microseconds at most, and cost recall: docs/decisions/0008-tiers.md.</summary>
    internal const int FlatLimit = 2000;

    /// <summary>η of the centroids for inner products and cosines.</summary>
    internal const float PlainPartitionEta = 4;

    /// <summary>
    /// Options for a corpus: all codes are scanned below 2,000 items; from there on as many partitions as balance routing against scanning.
    /// </summary>
    /// <param name="itemCount">N, 0 or more.</param>
    /// <param name="dimension">D, 1 or more.</param>
    public static ScannOptions Suggested(int itemCount, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(itemCount);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        return new ScannOptions().For(itemCount);
    }

    /// <summary>√N partitions, rounded to a multiple of 16, at least 1.</summary>
    public static int SuggestedPartitionCount(int itemCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(itemCount);
        var root = (int)Math.Sqrt(itemCount);
        return root < 16 ? Math.Max(1, root) : root / 16 * 16;
    }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its range; the message names both.</exception>
    public void Validate()
    {
        RequireDefined(Tier, nameof(Tier));
        RequireDefined(RescoringFormat, nameof(RescoringFormat));
        RequireRange(PartitionCount ?? 1, 1, int.MaxValue, nameof(PartitionCount));
        RequireRange(PartitionsToSearch ?? 1, 1, int.MaxValue, nameof(PartitionsToSearch));
        RequireRange(RescoringCount ?? 1, 1, int.MaxValue, nameof(RescoringCount));
        RequireRange(TargetRecall, double.Epsilon, 1, nameof(TargetRecall));
        RequireRange(K, 1, int.MaxValue, nameof(K));
        RequireRange(TrainingSampleLimit, 16, int.MaxValue, nameof(TrainingSampleLimit));
        RequireRange(KMeansIterations, 1, 1000, nameof(KMeansIterations));
        RequireRange(PartitionEta ?? 1, 1, 16, nameof(PartitionEta));
        RequireRange(EncodingEta, 1, 64, nameof(EncodingEta));
        RequireRange(SoarLambda, 0, 100, nameof(SoarLambda));
    }

    /// <summary>These options with nothing left open that a build decides: a given number of partitions means a tree.</summary>
    /// <param name="itemCount">N.</param>
    /// <param name="warmStart">Where the number of partitions is left open, that of this earlier build is kept while it is near the suggested one.</param>
    internal ScannOptions For(int itemCount, WarmStart? warmStart = null)
    {
        var suggested = SuggestedPartitionCount(itemCount);
        var tier = Tier != ScannTier.Auto ? Tier : PartitionCount is null && itemCount < FlatLimit ? ScannTier.FlatPq : ScannTier.Tree;
        var count = PartitionCount ?? (warmStart?.IsNear(suggested) == true ? warmStart.PartitionCount : suggested);
        return this with { Tier = tier, PartitionCount = tier == ScannTier.FlatPq ? 1 : count };
    }

    private static void RequireDefined<T>(T value, string name)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; expected one of {string.Join(", ", Enum.GetNames<T>())}.");
        }
    }

    private static void RequireRange<T>(T value, T min, T max, string name)
        where T : System.Numerics.INumber<T>
    {
        // False for NaN too.
        if (!(value >= min && value <= max))
        {
            throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} is {value}; expected {min} to {max}."));
        }
    }
}
