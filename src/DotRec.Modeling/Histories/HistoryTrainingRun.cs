using System.Diagnostics;
using DotRec.Autodiff;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>One fit of a <see cref="HistoryNetwork"/> under way: the loop over epochs and batches of histories.</summary>
internal sealed class HistoryTrainingRun
{
    private const ulong OrderPurpose = 0x4F524445_52000000UL;
    private const ulong NegativesPurpose = 0x4E454741_54495645UL;

    private readonly HistoryNetwork _model;
    private readonly HistoryLayers _layers;
    private readonly Histories _histories;
    private readonly HistoryFitOptions _options;
    private readonly OptimizerState _optimizer;
    private readonly NextItemLoss _loss;
    private readonly WeightAverage? _average;
    private readonly NextItems? _validation;
    private readonly TrainingState _state = new();
    private readonly List<string> _warnings = [];
    private readonly Stopwatch _watch = new();
    private long _positions;
    private int _batchCount;
    private Divergence? _divergence;
    private float[][]? _finished;
    private bool _wasStopped;

    public HistoryTrainingRun(HistoryNetwork model, HistoryLayers layers, Histories histories, HistoryFitOptions options)
    {
        (_model, _layers, _histories, _options) = (model, layers, histories, options);
        _batchCount = BatchesOf(0).Count;
        if (_batchCount == 0)
        {
            throw new ArgumentException("No history has two items, so there is nothing to learn from. Give histories of several items.", nameof(histories));
        }

        _optimizer = new OptimizerState(options.Optimizer ?? DefaultOptimizer(model.Options.NegativesOf(layers.ItemCount) > 0), layers.Parameters);
        _loss = new NextItemLoss(layers.Outputs, model.Options, histories.CountItems());
        _average = options.WeightAverage > 0 ? new WeightAverage(layers.Parameters, options.WeightAverage) : null;
        _validation = options.Validation?.Sample(options.ValidationExamples, options.Seed);
        if (_validation is not null && _validation.Histories.ItemCount != layers.ItemCount)
        {
            throw new ArgumentException(
                $"The validation examples are of a catalogue of {_validation.Histories.ItemCount} items, the histories of {layers.ItemCount}.", nameof(options));
        }
    }

    private long PlannedSteps => (long)_options.Epochs * _batchCount;

    private EarlyStopping? Stopping => _validation is null ? null : _options.EarlyStopping;

    // Row by row, Adam leaves out the steps in which dense momentum would go on: a rare row needs larger ones (docs/decisions/0031).
    private static Optimizer DefaultOptimizer(bool isSampled) => isSampled
        ? new CompositeOptimizer((new Adam(0.01), parameter => parameter.IsRowSparse), (new Adam(0.002), parameter => !parameter.IsRowSparse))
        : new Adam(0.001) { Beta2 = 0.98 };

    public FitResult Run(CancellationToken cancellationToken)
    {
        while (_state.Epoch < _options.Epochs && !_state.StoppedEarly && !_wasStopped)
        {
            RunEpoch(cancellationToken);
        }

        _average?.Exchange();
        if (_wasStopped)
        {
            TrainingState.Restore(_layers.Parameters, _finished!);
        }

        if (Stopping is { RestoreBest: true } && _state.BestWeights is { } best)
        {
            TrainingState.Restore(_layers.Parameters, best);
        }

        if (_divergence?.WarningAfter(_state.Results[^1].Loss) is { } warning)
        {
            _warnings.Add(warning);
        }

        return new FitResult
        {
            Epochs = [.. _state.Results],
            BestEpoch = Stopping is { RestoreBest: true } ? _state.BestEpoch : _state.Epoch,
            StoppedEarly = _state.StoppedEarly,
            WasStopped = _wasStopped,
            Steps = _optimizer.StepCount,
            ExamplesPerSecond = _positions / Math.Max(_watch.Elapsed.TotalSeconds, 1e-9),
            Warnings = _warnings,
        };
    }

    private List<int[]> BatchesOf(int epoch) => JaggedPositions.Shuffle(
        _histories, _model.Options.Length, _options.BatchPositions, new SeededRandom(_options.Seed ^ OrderPurpose).Stream((ulong)epoch));

    private void RunEpoch(CancellationToken cancellationToken)
    {
        var (started, before) = (_watch.Elapsed, _positions);
        var batches = BatchesOf(_state.Epoch);
        _batchCount = batches.Count;
        foreach (var queries in batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_options.StopToken.IsCancellationRequested)
            {
                _wasStopped = _finished is not null;
                if (_wasStopped)
                {
                    return;
                }

                _options.StopToken.ThrowIfCancellationRequested();
            }

            _watch.Start();
            Step(queries);
            _watch.Stop();
            _options.Progress?.Report(Progress(before, started, completed: null));
        }

        _average?.Exchange();
        var metrics = Validate(cancellationToken);
        var result = new EpochResult(_state.Epoch + 1, _state.Losses.Mean, _state.Losses.Parts, metrics, (_watch.Elapsed - started).TotalSeconds);
        _state.Results.Add(result);
        _options.Progress?.Report(Progress(before, started, result));
        _state.CompleteEpoch();
        _finished = _options.StopToken.CanBeCanceled ? [.. _layers.Parameters.Select(parameter => parameter.Value.Values.ToArray())] : null;
        if (metrics is not null && Stopping is { } stopping)
        {
            _state.Judge(stopping, stopping.Read(metrics), _layers.Parameters);
        }

        _average?.Exchange();
    }

    private void Step(int[] queries)
    {
        using var scope = TensorScope.Begin();
        var positions = JaggedPositions.WithNext(_histories, queries, _model.Options.Length);
        var context = ForwardContext.Training(_options.Seed, _optimizer.StepCount);
        var states = _layers.Forward(positions, context);
        var random = new SeededRandom(_options.Seed ^ NegativesPurpose).Stream((ulong)_optimizer.StepCount);
        var loss = Loss.Mean(_loss.Sum(states, positions.Next, random) / positions.Next.Length, positions.Next.Length);
        if (!double.IsFinite(loss.PerExample))
        {
            throw new NonFiniteLossException(
                $"The loss is {loss.PerExample} in epoch {_state.Epoch + 1}, batch {_state.StepInEpoch + 1} of {_batchCount}. Training stopped before this batch changed any weight. Lower the learning rate.",
                _state.Epoch + 1,
                _state.StepInEpoch + 1);
        }

        _divergence ??= new Divergence(loss.PerExample, positions.Next.Length);
        loss.Value.Backward();
        var effect = _optimizer.StepCount == 0 ? new FirstStep(_layers.Parameters) : null;
        _optimizer.Step(PlannedSteps);
        _average?.AfterStep(_optimizer.StepCount);
        if (effect is not null)
        {
            _warnings.AddRange(effect.WarningsAfter(PlannedSteps));
        }

        _state.Losses.Add(loss);
        _state.StepInEpoch++;
        _positions += positions.Next.Length;
    }

    private Dictionary<string, double>? Validate(CancellationToken cancellationToken)
    {
        var epoch = _state.Epoch + 1;
        if (_validation is null || (epoch % _options.ValidationInterval != 0 && epoch != _options.Epochs))
        {
            return null;
        }

        var metrics = _model.Validate(_validation, cancellationToken);
        return new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["hitRate@10"] = metrics.HitRate[10],
            ["ndcg@10"] = metrics.Ndcg[10],
            ["meanReciprocalRank"] = metrics.MeanReciprocalRank,
        };
    }

    private FitProgress Progress(long before, TimeSpan started, EpochResult? completed) => new(
        _state.Epoch + 1,
        _options.Epochs,
        _state.StepInEpoch,
        _batchCount,
        _state.Losses.Mean,
        (_positions - before) / Math.Max((_watch.Elapsed - started).TotalSeconds, 1e-9),
        completed);
}
