using DotRec.Modeling;
using DotRec.Serving;

namespace DotRec.Pipelines;

/// <summary>What a <see cref="RetrievalPipeline"/> made: the model, how good it is beside simple ones, and the recommender that serves it.</summary>
public sealed class RetrievalResult : IDisposable
{
    private const int ShownLength = 10;
    private readonly RetrievalRun _run;
    private readonly Recommender? _recommender;
    private readonly IReadOnlyList<IDisposable> _indexes;

    internal RetrievalResult(
        RetrievalPipelineOptions options, RetrievalData data, RetrievalRun run, Recommender? recommender, IReadOnlyList<IDisposable> indexes, IReadOnlyList<string> warnings)
    {
        (Options, Data, Split, Ease) = (options, data, run.Split, run.Ease);
        (_run, _recommender, _indexes, Warnings) = (run, recommender, indexes, warnings);
    }

    /// <summary>The options of the pipeline.</summary>
    public RetrievalPipelineOptions Options { get; }

    /// <summary>The rows and the catalogue.</summary>
    public RetrievalData Data { get; }

    /// <summary>Which of the rows were trained on and which were held out.</summary>
    public PipelineSplit Split { get; }

    /// <summary>Which model it is.</summary>
    public RetrievalModelKind ModelKind => _run.Fit.Kind;

    /// <summary>The settings of the model, in words.</summary>
    public string ModelSettings => _run.Fit.Settings;

    /// <summary>What was compared on validation rows to choose the model and its settings; null where nothing was.</summary>
    public ModelSelection? Selection => _run.Selection;

    /// <summary>The trained towers; null where they are no part of the model.</summary>
    public TwoTowerModel? TwoTower => _run.Fit.Towers;

    /// <summary>The model that makes embeddings of histories; null where it is no part of the model.</summary>
    public HistoryEmbeddingModel? HistoryEmbedding => (Embeddings as HistoryEmbeddingFit)?.Model;

    /// <summary>The model from item to item; null where it is no part of the model.</summary>
    public ItemToItemModel? ItemToItem => (((_run.Fit as BlendFit)?.Lists ?? _run.Fit) as ItemToItemFit)?.Model;

    private RetrievalFit Embeddings => (_run.Fit as BlendFit)?.Embeddings ?? _run.Fit;

    /// <summary>How training went, epoch by epoch; null for a model without epochs.</summary>
    public FitResult? Fit => _run.Fit.Training;

    /// <summary>
    /// The fit before it, on fewer rows, by whose validation metrics the number of epochs was chosen; null where there were no validation rows. When it
    /// was stopped, the model is this fit's.
    /// </summary>
    public FitResult? EpochChoice => _run.Fit.EpochChoice;

    /// <summary>True where there were test rows to measure on.</summary>
    public bool HasEvaluation => _run.Evaluation is not null;

    /// <summary>The model and simple ones on the test rows, with and without what a query has had in training.</summary>
    /// <exception cref="InvalidOperationException">No rows were held out, see <see cref="HasEvaluation"/>.</exception>
    public RetrievalEvaluation Evaluation => _run.Evaluation ?? throw NothingMeasured();

    /// <summary>
    /// How well items or queries are served that training did not know; null unless all rows of some were held out (<see cref="HoldOut.ColdItems"/>,
    /// <see cref="HoldOut.ColdQueries"/>).
    /// </summary>
    public ColdStartEvaluation? ColdStart => _run.ColdStart;

    /// <summary>EASE on the test rows; null unless <see cref="RetrievalPipelineOptions.MeasureEase"/> is set and the catalogue is small enough, and where no rows were held out.</summary>
    public RetrievalReport? Ease { get; }

    /// <summary>The model over the index of its items; it is disposed with this result.</summary>
    /// <exception cref="InvalidOperationException"><see cref="RetrievalPipelineOptions.CreateRecommender"/> is false.</exception>
    public Recommender Recommender => _recommender ?? throw new InvalidOperationException(
        $"There is no recommender: {nameof(RetrievalPipelineOptions)}.{nameof(RetrievalPipelineOptions.CreateRecommender)} is false.");

    /// <summary>What may be wrong with the data or the model, each a sentence.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>
    /// The length of the lists by whose hit rates <see cref="IsBehindPopularity"/> compares: the longest of the evaluation that leaves an item out, for a list of
    /// all items holds every hit. Null where popularity was not measured, or the catalogue is smaller than every list.
    /// </summary>
    public int? PopularityCutoff => _run.Evaluation is { } evaluation && evaluation.Retrieval.All.HitRate.Keys.Where(k => k < Data.Items.RowCount).ToArray() is { Length: > 0 } ks
        ? ks.Max()
        : null;

    /// <summary>
    /// True when popularity, which knows nothing of the query, beats the model: by the hit rate at <see cref="PopularityCutoff"/>, as recommendations are made. Of a model that was
    /// chosen on validation rows, where popularity competed, only where it also has fewer hits in the lists of ten that are shown.
    /// </summary>
    public bool IsBehindPopularity => PopularityCutoff is { } k && Loses(k) && (Selection is null || Loses(ShownLength));

    private bool Loses(int k) => Recommended(Evaluation.Retrieval).HitRate[k] < Recommended(Evaluation.Popularity).HitRate[k];

    /// <summary>Of a report the figures of what is recommended: of all items, or without those that a query has had.</summary>
    public RetrievalMetrics Recommended(RetrievalReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return _run.Exclusion.IsOn ? report.ExcludingSeen : report.All;
    }

    /// <summary>
    /// True when item-based nearest neighbours, a model of a few seconds, beat the model by more than the noise of the test rows: by hit rates at 10, as
    /// recommendations are made.
    /// </summary>
    public bool IsBehindNeighbours
    {
        get
        {
            if (_run.Evaluation is not { ItemKnn: { } neighbours, Retrieval: { } own })
            {
                return false;
            }

            var mine = (_run.Exclusion.IsOn ? own.RanksExcludingSeen : own.Ranks).Span;
            var theirs = (_run.Exclusion.IsOn ? neighbours.RanksExcludingSeen : neighbours.Ranks).Span;
            double difference = 0, squares = 0;
            for (var i = 0; i < mine.Length; i++)
            {
                var d = (theirs[i] is >= 1 and <= ShownLength ? 1 : 0) - (mine[i] is >= 1 and <= ShownLength ? 1 : 0);
                (difference, squares) = (difference + d, squares + (d * d));
            }

            return difference > 1.96 * Math.Sqrt(squares);
        }
    }

    /// <summary>Saves the recommender as a bundle that <see cref="Recommender.Load"/> opens: a folder that is there whole or not at all.</summary>
    /// <param name="directory">The folder; a bundle there is replaced.</param>
    /// <param name="cancellationToken">Heard before writing begins.</param>
    /// <exception cref="IOException">The folder cannot be written, or holds something that is no bundle.</exception>
    public Task SaveAsync(string directory, CancellationToken cancellationToken = default) => Recommender.SaveAsync(directory, cancellationToken);

    /// <summary>
    /// Writes where the chosen item of each test row stands: the row's query and item, its rank by the model and by popularity, and the same among
    /// the items that the query has not had. A rank is from 1 on; 0 says that the item was not ranked, since the catalogue lacks it or it is excluded.
    /// </summary>
    /// <param name="path">A .csv or .parquet file; there whole or not at all.</param>
    /// <param name="cancellationToken">Stops between columns.</param>
    /// <exception cref="InvalidOperationException">No rows were held out, see <see cref="HasEvaluation"/>.</exception>
    /// <exception cref="ArgumentException">The file's name says no format.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public Task SaveRanksAsync(string path, CancellationToken cancellationToken = default)
    {
        var rows = _run.Measured ?? throw NothingMeasured();
        return TableOutput.WriteAsync(
            RankTable.Of(rows[Data.QueryId], rows[Data.ItemId], Evaluation.Retrieval, Evaluation.Popularity), path, cancellationToken);
    }

    /// <summary>Frees the recommender and its index.</summary>
    public void Dispose()
    {
        _recommender?.Dispose();
        foreach (var index in _indexes)
        {
            index.Dispose();
        }
    }

    private static InvalidOperationException NothingMeasured() => new(
        $"Nothing was measured, for no rows were held out. Hold some out ({nameof(RetrievalPipelineOptions)}.{nameof(RetrievalPipelineOptions.Test)}) or give a test table.");
}
