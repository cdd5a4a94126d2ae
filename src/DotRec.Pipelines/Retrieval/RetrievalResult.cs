using DotRec.Indexing;
using DotRec.Modeling;
using DotRec.Serving;

namespace DotRec.Pipelines;

/// <summary>What a <see cref="RetrievalPipeline"/> made: the model, how good it is beside simple ones, and the recommender that serves it.</summary>
public sealed class RetrievalResult : IDisposable
{
    private readonly RetrievalRun _run;
    private readonly Recommender? _recommender;
    private readonly IItemIndex? _index;

    internal RetrievalResult(
        RetrievalPipelineOptions options, RetrievalData data, RetrievalRun run, Recommender? recommender, IItemIndex? index, IReadOnlyList<string> warnings)
    {
        (Options, Data, Split, Model, Fit, EpochChoice, Ease) = (options, data, run.Split, run.Model, run.Fit, run.EpochChoice, run.Ease);
        (_run, _recommender, _index, Warnings) = (run, recommender, index, warnings);
    }

    /// <summary>The options of the pipeline.</summary>
    public RetrievalPipelineOptions Options { get; }

    /// <summary>The rows and the catalogue.</summary>
    public RetrievalData Data { get; }

    /// <summary>Which of the rows were trained on and which were held out.</summary>
    public PipelineSplit Split { get; }

    /// <summary>The trained towers.</summary>
    public TwoTowerModel Model { get; }

    /// <summary>How training went, epoch by epoch.</summary>
    public FitResult Fit { get; }

    /// <summary>
    /// The fit before it, on fewer rows, by whose validation metrics the number of epochs was chosen; null where there were no validation rows. When it
    /// was stopped, the model is this fit's.
    /// </summary>
    public FitResult? EpochChoice { get; }

    /// <summary>True where there were test rows to measure on.</summary>
    public bool HasEvaluation => _run.Evaluation is not null;

    /// <summary>The model and popularity on the test rows, with and without what a query has had in training.</summary>
    /// <exception cref="InvalidOperationException">No rows were held out, see <see cref="HasEvaluation"/>.</exception>
    public TwoTowerEvaluation Evaluation => _run.Evaluation ?? throw NothingMeasured();

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
    public int? PopularityCutoff => _run.Evaluation is { HasPopularity: true } evaluation && evaluation.Retrieval.All.HitRate.Keys.Where(k => k < Data.Items.RowCount).ToArray() is { Length: > 0 } ks
        ? ks.Max()
        : null;

    /// <summary>True when popularity, which knows nothing of the query, beats the model: by the hit rate at <see cref="PopularityCutoff"/>.</summary>
    public bool IsBehindPopularity => PopularityCutoff is { } k && Evaluation.Retrieval.All.HitRate[k] < Evaluation.Popularity.All.HitRate[k];

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
            RankTable.Of(rows[Data.QueryId], rows[Data.ItemId], Evaluation.Retrieval, Evaluation.HasPopularity ? Evaluation.Popularity : null), path, cancellationToken);
    }

    /// <summary>Frees the recommender and its index.</summary>
    public void Dispose()
    {
        _recommender?.Dispose();
        _index?.Dispose();
    }

    private static InvalidOperationException NothingMeasured() => new(
        $"Nothing was measured, for no rows were held out. Hold some out ({nameof(RetrievalPipelineOptions)}.{nameof(RetrievalPipelineOptions.Test)}) or give a test table.");
}
