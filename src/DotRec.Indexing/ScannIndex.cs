using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Finds items that score highest without looking at most of them: scores the centroids of partitions, scans 4-bit codes of the items in the
/// best partitions, and computes the true scores of the best of those.
/// </summary>
/// <remarks>
/// With rescoring rows in float32 the scores of the candidates are those of <see cref="BruteForceIndex"/>, bit for bit; what is approximate is
/// which candidates are found. A search that goes to all partitions and rescores all items returns exactly the best. Answers do not depend on
/// the number of threads or on single or batched searching. A warm single search allocates nothing and runs on the calling thread.
/// </remarks>
public sealed class ScannIndex : IItemIndex
{
    // Partitions searched unless told otherwise: about this share of all holds the recall of ten near 0.9; of few, a few more cost nothing.
    private const int PartitionsASearchedOne = 20;
    private const int MinSearched = 8;

    // Items that a build tries as queries: the recall of ten is then known to about a hundredth. Of fewer items, nearly all are rescored anyway.
    private const int CalibrationQueries = 256;
    private const int MinCalibrated = 128;
    private const ulong CalibrationStream = 5;

    private readonly SearchSpace _space;

    // Replaced as a whole, so that a search never sees half of two settings.
    private volatile SearchDefaults _defaults;

    internal ScannIndex(ScannSnapshot snapshot, ItemIds ids, SearchDefaults defaults, PackedLookupVariant variant)
    {
        Snapshot = snapshot;
        Ids = ids;
        Searcher = ScannSearcher.Of(variant);
        _space = new SearchSpace(snapshot);
        _defaults = defaults;
    }

    /// <inheritdoc/>
    public int Count => Snapshot.Count;

    /// <inheritdoc/>
    public int Dimension => Snapshot.Dimension;

    /// <inheritdoc/>
    public ScoreFunction ScoreFunction => Snapshot.ScoreFunction;

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public ItemIds Ids { get; }

    /// <summary>Partitions, P.</summary>
    public int PartitionCount => Snapshot.Codes.PartitionCount;

    /// <summary>How far a search goes that is not told: as built or calibrated. What is null is chosen by the number of partitions and by k.</summary>
    public ScannSearchOptions SearchOptions => _defaults.Options;

    internal SearchDefaults Defaults => _defaults;

    internal ScannSnapshot Snapshot { get; }

    internal ScannSearcher Searcher { get; }

    /// <summary>Builds an index over item embeddings; they are copied.</summary>
    /// <param name="embeddings">Shape [N, D], N being the number of ids: finite numbers, no row longer than 2^62.</param>
    /// <param name="ids">The items' ids, at least one. For row numbers as ids, or for no items, give the dimension instead.</param>
    /// <param name="scoreFunction">How scores are made.</param>
    /// <param name="options">null: those suggested for the size.</param>
    /// <param name="warmStart">
    /// An earlier index of nearly the same items, from a file or not, to start from: its partitions and codewords are moved to where these embeddings
    /// need them, in fewer rounds than from scratch. Its number of partitions is kept, unless the options give one, while it is within 1.5
    /// times of the suggested one. Read during the build only. How far it searches is not taken over. null: from scratch.
    /// </param>
    /// <param name="progress">Told at each stage, from the building thread.</param>
    /// <param name="cancellationToken">Ends the build early.</param>
    /// <exception cref="ArgumentException">
    /// The embeddings are no whole number a row, or a row holds NaN or infinity or is too long; or the index to start from has another width or score
    /// function.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left behind.</exception>
    public static ScannIndex Build(
        ReadOnlySpan<float> embeddings,
        ItemIds ids,
        ScoreFunction scoreFunction = ScoreFunction.Dot,
        ScannOptions? options = null,
        ScannIndex? warmStart = null,
        IProgress<ScannProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var dimension = BuildArguments.DimensionOf(embeddings, ids);
        return Build(embeddings, dimension, ids, scoreFunction, options, warmStart, progress, cancellationToken);
    }

    /// <summary>Builds an index over item embeddings of a given width; they are copied.</summary>
    /// <param name="embeddings">Shape [N, D]: finite numbers, no row longer than 2^62. May be empty.</param>
    /// <param name="dimension">D, 1 to 1,048,576.</param>
    /// <param name="ids">The items' ids; null for row numbers.</param>
    /// <param name="scoreFunction">How scores are made.</param>
    /// <param name="options">null: those suggested for the size.</param>
    /// <param name="warmStart">
    /// An earlier index of nearly the same items, from a file or not, to start from: its partitions and codewords are moved to where these embeddings
    /// need them, in fewer rounds than from scratch. Its number of partitions is kept, unless the options give one, while it is within 1.5
    /// times of the suggested one. Read during the build only. How far it searches is not taken over. null: from scratch.
    /// </param>
    /// <param name="progress">Told at each stage, from the building thread.</param>
    /// <param name="cancellationToken">Ends the build early.</param>
    /// <exception cref="ArgumentException">
    /// The embeddings are not D values an id, or a row holds NaN or infinity or is too long; or the index to start from has another width or score
    /// function.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left behind.</exception>
    public static unsafe ScannIndex Build(
        ReadOnlySpan<float> embeddings,
        int dimension,
        ItemIds? ids = null,
        ScoreFunction scoreFunction = ScoreFunction.Dot,
        ScannOptions? options = null,
        ScannIndex? warmStart = null,
        IProgress<ScannProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var count = BuildArguments.CountOf(embeddings, dimension, scoreFunction);
        fixed (float* start = embeddings)
        {
            using var source = new EmbeddingSource(null, start, count, dimension, dimension);
            return Build(source, ids, scoreFunction, options, warmStart, progress, cancellationToken);
        }
    }

    /// <summary>Builds an index over embeddings in memory or in a file, which are read where they lie.</summary>
    /// <param name="source">Shape [N, D]: finite numbers, no row longer than 2^62. Read during the build only.</param>
    /// <param name="ids">The items' ids; null for row numbers.</param>
    /// <param name="scoreFunction">How scores are made.</param>
    /// <param name="options">null: those suggested for the size.</param>
    /// <param name="warmStart">
    /// An earlier index of nearly the same items, from a file or not, to start from: its partitions and codewords are moved to where these embeddings
    /// need them, in fewer rounds than from scratch. Its number of partitions is kept, unless the options give one, while it is within 1.5
    /// times of the suggested one. Read during the build only. How far it searches is not taken over. null: from scratch.
    /// </param>
    /// <param name="progress">Told at each stage, from the building thread.</param>
    /// <param name="cancellationToken">Ends the build early.</param>
    /// <exception cref="ArgumentException">
    /// The ids are not one an embedding, or a row holds NaN or infinity or is too long; or the index to start from has another width or score function.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left behind.</exception>
    public static ScannIndex Build(
        EmbeddingSource source,
        ItemIds? ids = null,
        ScoreFunction scoreFunction = ScoreFunction.Dot,
        ScannOptions? options = null,
        ScannIndex? warmStart = null,
        IProgress<ScannProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        Build(source, ids, scoreFunction, options ?? new ScannOptions(), PackedLookupKernels.Current, warmStart, null, progress, cancellationToken);

    /// <inheritdoc/>
    public int Search(ReadOnlySpan<float> query, Span<Candidate> results, ItemFilter? filter = null, ReadOnlySpan<int> excludedRows = default) =>
        Search(query, results, default, filter, excludedRows);

    /// <summary>Finds the items that score highest against one query, going as far as told.</summary>
    /// <param name="query">Shape [D].</param>
    /// <param name="results">Receives at most results.Length candidates (that length is k), best first; equal scores ordered by row.</param>
    /// <param name="options">How far to go.</param>
    /// <param name="filter">Items that may be returned; null for all.</param>
    /// <param name="excludedRows">Rows that may not be returned; any order, repeats allowed; −1 is ignored.</param>
    /// <returns>How many candidates were written.</returns>
    /// <exception cref="ArgumentException">The query has another width, or holds NaN or infinity; the filter covers another item count.</exception>
    public int Search(
        ReadOnlySpan<float> query, Span<Candidate> results, ScannSearchOptions options, ItemFilter? filter = null, ReadOnlySpan<int> excludedRows = default)
    {
        SearchArguments.Check(this, query, filter);
        using var hold = Snapshot.Memory.Hold();
        return Searcher.Search(_space, query, results, Effort(options, results.Length), filter, excludedRows);
    }

    /// <inheritdoc/>
    public void SearchBatch(
        ReadOnlySpan<float> queries, int k, Span<Candidate> results, Span<int> counts, ItemFilter? filter = null, IReadOnlyList<int[]>? excludedRows = null) =>
        SearchBatch(queries, k, results, counts, default, filter, excludedRows);

    /// <summary>Finds the best items for many queries at once, going as far as told; the same answers as one search a query, faster.</summary>
    /// <param name="queries">Shape [Q, D].</param>
    /// <param name="k">Candidates a query, at least 1.</param>
    /// <param name="results">Shape [Q, k]: row q holds counts[q] candidates, best first.</param>
    /// <param name="counts">Shape [Q]: candidates found for each query.</param>
    /// <param name="options">How far to go.</param>
    /// <param name="filter">Items that may be returned; null for all.</param>
    /// <param name="excludedRows">One array of rows a query that may not be returned, or null.</param>
    public void SearchBatch(
        ReadOnlySpan<float> queries,
        int k,
        Span<Candidate> results,
        Span<int> counts,
        ScannSearchOptions options,
        ItemFilter? filter = null,
        IReadOnlyList<int[]>? excludedRows = null)
    {
        var queryCount = SearchArguments.Check(this, queries, k, results, counts, filter, excludedRows);
        using var hold = Snapshot.Memory.Hold();
        var batch = new ScannBatchArguments(_space, queryCount, k, Effort(options, k), filter, excludedRows);
        Searcher.SearchBatch(batch, queries, results, counts);
    }

    /// <summary>
    /// Finds how far searches have to go for a recall, on queries that are like those to come, and lets them go that far from now on; a saved index
    /// keeps it. Takes as long as an exact search for all queries, and one that scans several times as far as the chosen one.
    /// </summary>
    /// <param name="queries">Shape [Q, D]: some hundred queries that the items were not trained on; a thousand fix the recall to about a hundredth.</param>
    /// <param name="targetRecall">Share of the k best items to be found, above 0 up to 1.</param>
    /// <param name="k">Candidates a query. Searches for more, or under filters, look as far below their last candidate as those calibrated for.</param>
    /// <param name="cancellationToken">Ends it early; the index stays as it was.</param>
    /// <returns>The setting chosen, its recall and time, and the recall of others. Always the same setting for the same index and queries.</returns>
    /// <exception cref="ArgumentException">No queries, or no whole number of them, or one that holds NaN or infinity.</exception>
    /// <exception cref="InvalidOperationException">The index holds no items.</exception>
    public ScannCalibration Calibrate(ReadOnlySpan<float> queries, double targetRecall, int k = 10, CancellationToken cancellationToken = default) =>
        Calibrate(queries, null, targetRecall, k, cancellationToken);

    /// <summary>Finds how far searches have to go for a recall where each query may not return some rows, such as what a user has had.</summary>
    /// <param name="queries">Shape [Q, D].</param>
    /// <param name="excludedRows">One array of rows a query; −1 is ignored. null for none.</param>
    /// <param name="targetRecall">Share of the k best of the other items to be found, above 0 up to 1.</param>
    /// <param name="k">Candidates a query.</param>
    /// <param name="cancellationToken">Ends it early; the index stays as it was.</param>
    /// <inheritdoc cref="Calibrate(ReadOnlySpan{float}, double, int, CancellationToken)"/>
    public ScannCalibration Calibrate(
        ReadOnlySpan<float> queries, IReadOnlyList<int[]>? excludedRows, double targetRecall, int k = 10, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        if (!(targetRecall > 0 && targetRecall <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(targetRecall), targetRecall, FormattableString.Invariant($"targetRecall is {targetRecall}; expected a share above 0, up to 1."));
        }

        if (queries.IsEmpty || queries.Length % Dimension != 0)
        {
            throw new ArgumentException($"The queries hold {queries.Length} values; at least one whole embedding of {Dimension} is needed.", nameof(queries));
        }

        if (excludedRows is not null && excludedRows.Count != queries.Length / Dimension)
        {
            throw new ArgumentException(
                $"excludedRows has {excludedRows.Count} arrays; there are {queries.Length / Dimension} queries, and each needs one.", nameof(excludedRows));
        }

        if (Count == 0)
        {
            throw new InvalidOperationException("The index holds no items, so there is nothing to calibrate.");
        }

        using var hold = Snapshot.Memory.Hold();
        var (calibration, defaults) = ScannCalibrator.Run(this, queries.ToArray(), targetRecall, k, excludedRows, cancellationToken);
        _defaults = defaults;
        return calibration;
    }

    /// <inheritdoc/>
    public void CopyEmbedding(int row, Span<float> destination)
    {
        SearchArguments.Check(this, row, destination);
        using var hold = Snapshot.Memory.Hold();
        Snapshot.Rows.CopyRow(row, destination);
    }

    /// <inheritdoc/>
    public void Save(string path) => ScannFile.Write(path, this);

    /// <inheritdoc/>
    public void Dispose() => Snapshot.Memory.Dispose();

    internal static ScannIndex Build(
        EmbeddingSource source,
        ItemIds? ids,
        ScoreFunction scoreFunction,
        ScannOptions options,
        PackedLookupVariant variant,
        ScannIndex? warmStart = null,
        SearchDefaults? searched = null,
        IProgress<ScannProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (ids is not null && ids.Count != source.Count)
        {
            throw new ArgumentException($"There are {ids.Count} ids and {source.Count} embeddings; every item needs one of each.", nameof(ids));
        }

        using var startHold = warmStart is null ? default : warmStart.Snapshot.Memory.Hold();
        var start = warmStart is null ? null : WarmStart.Of(warmStart, source.Dimension, scoreFunction);
        options = options.For(source.Count, start);
        using var hold = source.Hold();
        var report = new BuildReport(progress, cancellationToken);
        using var items = ScannBuilder.Build(source, scoreFunction, options, start, report);
        var index = new ScannIndex(
            ScannSnapshot.Pack(items, source, scoreFunction, options.RescoringFormat, report),
            ids ?? ItemIds.Range(source.Count),
            new SearchDefaults(new ScannSearchOptions(options.PartitionsToSearch, options.RescoringCount), options.K, SearchMargins.Unknown),
            variant);
        try
        {
            index._defaults = searched?.For(index.PartitionCount) ?? index.CalibrateOnItems(options, report) ?? index._defaults;
            return index;
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    // With some of the items as queries, each of which may not find itself. null where that is not wanted or tells nothing.
    private SearchDefaults? CalibrateOnItems(ScannOptions options, BuildReport report)
    {
        if (options.PartitionsToSearch is not null || options.RescoringCount is not null || Count < MinCalibrated)
        {
            return null;
        }

        report.Begin(ScannStage.Calibrating);
        var rows = TrainingSample.Rows(Count, CalibrationQueries, new SeededRandom(options.Seed).Stream(CalibrationStream));
        var queries = new float[rows.Length * Dimension];
        for (var i = 0; i < rows.Length; i++)
        {
            CopyEmbedding(rows[i], queries.AsSpan(i * Dimension, Dimension));
        }

        // Queries are never quite like the items: half of what may be missed is kept back, and what is cheap is not saved.
        var min = new SearchEffort(MinSearched, UsualRescoring(options.K), options.K, false, SearchMargins.Unknown);
        return ScannCalibrator.Estimate(
            this, queries, (1 + options.TargetRecall) / 2, options.K, Array.ConvertAll(rows, row => new[] { row }), min, report.Cancellation);
    }

    // Whole rows are read of few where projected ones have told the most of the others.
    private int UsualRescoring(int k) =>
        (int)Math.Clamp(Snapshot.Refining is null ? 100 * Math.Sqrt(k / 10.0) : k + (22 * Math.Sqrt(k / 10.0)), 1, Array.MaxLength);

    // Partitions to search and candidates to rescore: what the search says, or else the index, or else what usually fits.
    internal SearchEffort Effort(ScannSearchOptions options, int k) => Effort(options, k, Count);

    // The same where items have come and gone since.
    internal SearchEffort Effort(ScannSearchOptions options, int k, int itemCount)
    {
        var defaults = _defaults;
        var partitions = options.PartitionsToSearch ?? defaults.Options.PartitionsToSearch ?? Math.Max(MinSearched, PartitionCount / PartitionsASearchedOne);
        var rescoring = options.RescoringCount ?? defaults.Options.RescoringCount ?? UsualRescoring(k);
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, Math.Min(1, PartitionCount), nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(rescoring, 1, nameof(options));
        return new SearchEffort(
            Math.Min(partitions, PartitionCount),
            Math.Clamp(Math.Max(rescoring, k), 1, Math.Max(1, Math.Min(itemCount, Shortlist.MaxCount))),
            defaults.K,
            options.PartitionsToSearch is not null || options.RescoringCount is not null,
            defaults.Margins);
    }
}
