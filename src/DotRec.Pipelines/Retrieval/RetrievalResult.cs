using DotRec.Indexing;
using DotRec.Modeling;
using DotRec.Serving;

namespace DotRec.Pipelines;

/// <summary>What a <see cref="RetrievalPipeline"/> made: the model, how good it is beside simple ones, and the recommender that serves it.</summary>
public sealed class RetrievalResult : IDisposable
{
    private readonly IItemIndex _index;

    internal RetrievalResult(
        RetrievalPipelineOptions options, RetrievalData data, RetrievalRun run, Recommender recommender, IItemIndex index, IReadOnlyList<string> warnings)
    {
        (Options, Data, Split, Model, Fit, Evaluation, Ease) = (options, data, run.Split, run.Model, run.Fit, run.Evaluation, run.Ease);
        (Recommender, _index, Warnings) = (recommender, index, warnings);
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

    /// <summary>The model and popularity on the test rows, with and without what a query has had in training.</summary>
    public TwoTowerEvaluation Evaluation { get; }

    /// <summary>EASE on the test rows; null unless <see cref="RetrievalPipelineOptions.MeasureEase"/> is set and the catalogue is small enough.</summary>
    public RetrievalReport? Ease { get; }

    /// <summary>The model over the index of its items; it is disposed with this result.</summary>
    public Recommender Recommender { get; }

    /// <summary>What may be wrong with the data or the model, each a sentence.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>True when popularity, which knows nothing of the query, beats the model at the longest list of the evaluation.</summary>
    public bool IsBehindPopularity
    {
        get
        {
            var hitRate = Evaluation.Retrieval.All.HitRate;
            var k = hitRate.Keys.Max();
            return Evaluation.HasPopularity && hitRate[k] < Evaluation.Popularity.All.HitRate[k];
        }
    }

    /// <summary>Saves the recommender as a bundle that <see cref="Recommender.Load"/> opens: a folder that is there whole or not at all.</summary>
    /// <param name="directory">The folder; a bundle there is replaced.</param>
    /// <param name="cancellationToken">Heard before writing begins.</param>
    /// <exception cref="IOException">The folder cannot be written, or holds something that is no bundle.</exception>
    public Task SaveAsync(string directory, CancellationToken cancellationToken = default) => Recommender.SaveAsync(directory, cancellationToken);

    /// <summary>Frees the recommender and its index.</summary>
    public void Dispose()
    {
        Recommender.Dispose();
        _index.Dispose();
    }
}
