using System.Globalization;
using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>Trains ranking models: for a trial without the validation rows, then on all rows for as long as the trial was best.</summary>
internal sealed class RankingFits(RankingData data, RankingPipelineOptions options, FeatureBatch train, FeatureBatch validation)
{
    private const string LastFit = ".all";

    /// <summary>The rows that trials learn from.</summary>
    public FeatureBatch Train => train;

    /// <summary>The rows that they are stopped and compared by.</summary>
    public FeatureBatch Validation => validation;

    /// <summary>A network at its usual rate, or as the settings have it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="progress">Hears of every step; null for silence.</param>
    /// <param name="budget">Ends training at the next step: the best epoch so far counts.</param>
    /// <param name="cancellationToken">Ends it without a model.</param>
    /// <exception cref="OperationCanceledException">It ended before the first epoch was finished.</exception>
    public RankingTrial Try(RankingNetworkKind network, IProgress<FitProgress>? progress, CancellationToken budget, CancellationToken cancellationToken) =>
        Fit(options.Settings.For(network, train.RowCount), progress, budget, cancellationToken);

    /// <summary>A network at its usual rate, at three times that, and where that is no better at a third; the best of them. Where the settings say the rate, there alone.</summary>
    /// <inheritdoc cref="Try"/>
    public RankingTrial TryRates(RankingNetworkKind network, IProgress<FitProgress>? progress, CancellationToken budget, CancellationToken cancellationToken)
    {
        const double Factor = 3;
        var best = Try(network, progress, budget, cancellationToken);
        if (options.Settings is not { LearningRate: null, Optimizer: OptimizerKind.Adam } || network == RankingNetworkKind.Logistic)
        {
            return best;
        }

        foreach (var factor in (double[])[Factor, 1 / Factor])
        {
            if (budget.IsCancellationRequested || options.StopToken.IsCancellationRequested)
            {
                return best;
            }

            try
            {
                var other = Fit(best.Settings with { LearningRate = best.Settings.LearningRate * factor }, progress, budget, cancellationToken);
                if (other.Validation.Loss < best.Validation.Loss)
                {
                    return other;
                }
            }
            catch (Exception ended) when (ended is NonFiniteLossException || (ended is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // Too fast a rate, or no time for another: the best so far stands.
            }
        }

        return best;
    }

    /// <summary>A trial's model anew, on the validation rows too: without them a model knows less, and of rare values nothing.</summary>
    public (RankingModel Model, FitResult Fit) OnAll(RankingTrial trial, FeatureBatch rows, IProgress<FitProgress>? progress, bool isKept, CancellationToken cancellationToken)
    {
        var model = RankingModelFactory.Create(data, rows, trial.Settings, options.QueryId, options.Weight);
        var fit = ModelFit.Run(model, rows, Options(trial.Settings, progress, isKept ? LastFit : null) with
        {
            Epochs = trial.Fit.BestEpoch,
            TailAverage = trial.Settings.TailAverage,
            StopToken = options.StopToken,
        }, cancellationToken);
        return (model, fit);
    }

    private RankingTrial Fit(RankingSettings settings, IProgress<FitProgress>? progress, CancellationToken budget, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(budget, options.StopToken);
        var model = RankingModelFactory.Create(data, train, settings, options.QueryId, options.Weight);
        var place = options.Settings.Network == RankingNetworkKind.Auto ? string.Create(CultureInfo.InvariantCulture, $".{settings.Network.Name}.{settings.LearningRate}") : "";
        var fit = ModelFit.Run(model, train, Options(settings, progress, place) with
        {
            Validation = validation,
            EarlyStopping = new EarlyStopping { Patience = settings.Patience!.Value },
            StopToken = stop.Token,
        }, cancellationToken);
        return new RankingTrial(settings, model, fit, model.Evaluate(validation, cancellationToken: cancellationToken));
    }

    private FitOptions Options(RankingSettings settings, IProgress<FitProgress>? progress, string? place) => new()
    {
        Epochs = settings.Epochs!.Value,
        BatchSize = settings.BatchSize!.Value,
        Optimizer = settings.CreateOptimizer(),
        Seed = options.Seed,
        Checkpoint = options.Checkpoint is { } checkpoint && place is not null ? checkpoint with { Path = checkpoint.Path + place } : null,
        Progress = progress,
    };
}
