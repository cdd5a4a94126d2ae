using DotRec.Modeling;
using DotRec.Serving;

namespace DotRec.Pipelines;

/// <summary>What a <see cref="RankingPipeline"/> made: the model, how good it is beside simple ones, and the ranker that serves it.</summary>
public sealed class RankingResult : IDisposable
{
    private readonly RankingRun _run;

    internal RankingResult(RankingPipelineOptions options, RankingData data, RankingRun run, Ranker ranker, IReadOnlyList<string> warnings)
    {
        (Options, Data, Split, Model, Fit) = (options, data, run.Split, run.Model, run.Fit);
        (_run, Validation, Regression, RepeatedTestRows) = (run, run.Trial.Validation, run.Regression, run.RepeatedTestRows);
        (Ranker, Warnings) = (ranker, warnings);
    }

    /// <summary>The options of the pipeline.</summary>
    public RankingPipelineOptions Options { get; }

    /// <summary>The rows, what their columns were taken for, and how the label is coded.</summary>
    public RankingData Data { get; }

    /// <summary>Which of the rows were trained on and which were held out.</summary>
    public PipelineSplit Split { get; }

    /// <summary>The trained network.</summary>
    public RankingModel Model { get; }

    /// <summary>How the model is made and trained: what was left open is what network and rows decided.</summary>
    public RankingSettings Settings => _run.Trial.Settings;

    /// <summary>The networks that were compared, with figures, and why this one was chosen; null where the settings name the network.</summary>
    public ModelSelection? Selection => _run.Selection;

    /// <summary>The training without the validation rows, by which the number of epochs was chosen.</summary>
    public FitResult EpochChoice => _run.Trial.Fit;

    /// <summary>The training of the model, epoch by epoch: on all rows but those of the test, or <see cref="EpochChoice"/> where it was stopped before.</summary>
    public FitResult Fit { get; }

    /// <summary>What <see cref="EpochChoice"/> made, on the rows that training was stopped by.</summary>
    public RankingEvaluation Validation { get; }

    /// <summary>True where there were test rows to measure on.</summary>
    public bool HasEvaluation => _run.Test is not null;

    /// <summary>The model on the test rows.</summary>
    /// <exception cref="InvalidOperationException">No rows were held out, see <see cref="HasEvaluation"/>.</exception>
    public RankingEvaluation Evaluation => _run.Test ?? throw NothingMeasured();

    /// <summary>The mean label of the training rows as every prediction, on the test rows.</summary>
    /// <exception cref="InvalidOperationException">No rows were held out, see <see cref="HasEvaluation"/>.</exception>
    public ConstantBaseline Constant => _run.Constant ?? throw NothingMeasured();

    /// <summary>
    /// Logistic or linear regression on the test rows; null where it is the model itself, where training was stopped, where no rows were held out, and
    /// where <see cref="RankingPipelineOptions.MeasureRegression"/> is not set.
    /// </summary>
    public RankingEvaluation? Regression { get; }

    /// <summary>
    /// True when the regression, which is simpler and trained in less time, beats the network on the test rows: by the log loss of classes, by the RMSE of numbers.
    /// False where it was not measured.
    /// </summary>
    public bool IsBehindRegression => Regression is { } regression && (Evaluation.HasBinary
        ? Evaluation.Binary.LogLoss > regression.Binary.LogLoss
        : Evaluation.Rating.Rmse > regression.Rating.Rmse);

    /// <summary>Rows of the test that are rows of the training too, label included: figures on them tell how well the model remembers.</summary>
    public int RepeatedTestRows { get; }

    /// <summary>The model, ready to score rows; it is disposed with this result.</summary>
    public Ranker Ranker { get; }

    /// <summary>What may be wrong with the data or the model, each a sentence.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Saves the ranker as a bundle that <see cref="Ranker.Load"/> opens: a folder that is there whole or not at all.</summary>
    /// <param name="directory">The folder; a bundle there is replaced.</param>
    /// <param name="cancellationToken">Heard before writing begins.</param>
    /// <exception cref="IOException">The folder cannot be written, or holds something that is no bundle.</exception>
    public Task SaveAsync(string directory, CancellationToken cancellationToken = default) => Task.Run(() => Ranker.Save(directory), cancellationToken);

    /// <summary>Frees the ranker.</summary>
    public void Dispose() => Ranker.Dispose();

    private static InvalidOperationException NothingMeasured() => new(
        $"Nothing was measured, for no rows were held out. Hold some out ({nameof(RankingPipelineOptions)}.{nameof(RankingPipelineOptions.Test)}) or give a test table.");
}
