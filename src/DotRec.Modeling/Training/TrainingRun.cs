using System.Diagnostics;
using DotRec.Autodiff;
using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>One fit under way: the loop over epochs and batches, what is reported, and what a checkpoint must know.</summary>
internal sealed class TrainingRun
{
    private readonly RecommenderModel _model;
    private readonly EncodedData _data;
    private readonly FitOptions _options;
    private readonly BatchLoader<ReadOnlyMemory<int>> _loader;
    private readonly OptimizerState _optimizer;
    private readonly TailAverage? _tail;
    private readonly Checkpoint? _checkpoint;
    private readonly TrainingState _state = new();
    private readonly List<string> _warnings;
    private readonly Stopwatch _watch = new();
    private long _steps;
    private long _examples;
    private Divergence? _divergence;
    private float[][]? _finished;
    private bool _wasStopped;

    public TrainingRun(RecommenderModel model, FeatureBatch data, FitOptions options)
    {
        _model = model;
        _data = model.Encode(data);
        _options = options;
        _loader = model.Load(_data, new BatchOptions { BatchSize = options.BatchSize, Shuffle = options.Shuffle, Seed = options.Seed });
        model.Begin(_data, options.Seed);
        _warnings = [.. model.WarningsAbout(_data)];
        _optimizer = new OptimizerState(options.Optimizer, model.Parameters);
        _tail = options.TailAverage > 0 ? new TailAverage(model.Parameters, (long)(PlannedSteps * (1 - options.TailAverage))) : null;
        _checkpoint = options.Checkpoint is { } settings ? new Checkpoint(settings, model, _optimizer, _state, _tail, data, options) : null;
    }

    private long PlannedSteps => (long)_options.Epochs * _loader.BatchCount;

    public FitResult Run(CancellationToken cancellationToken)
    {
        _checkpoint?.ResumeIfPresent();
        while (_state.Epoch < _options.Epochs && !_state.StoppedEarly && !_wasStopped)
        {
            RunEpoch(cancellationToken);
        }

        if (_wasStopped)
        {
            TrainingState.Restore(_model.Parameters, _finished!);
        }
        else
        {
            _tail?.Apply(_optimizer.StepCount);
        }

        if (_options.EarlyStopping is { RestoreBest: true } && _state.BestWeights is { } best)
        {
            TrainingState.Restore(_model.Parameters, best);
        }

        if (_divergence?.WarningAfter(_state.Results[^1].Loss) is { } warning)
        {
            _warnings.Add(warning);
        }

        return new FitResult
        {
            Epochs = [.. _state.Results],
            BestEpoch = _options.EarlyStopping is { RestoreBest: true } ? _state.BestEpoch : _state.Epoch,
            StoppedEarly = _state.StoppedEarly,
            WasStopped = _wasStopped,
            Steps = _steps,
            ExamplesPerSecond = _examples / Math.Max(_watch.Elapsed.TotalSeconds, 1e-9),
            Warnings = _warnings,
        };
    }

    private void RunEpoch(CancellationToken cancellationToken)
    {
        var epochStart = _watch.Elapsed;
        var examplesBefore = _examples;
        foreach (var rows in _loader.Epoch(_state.Epoch, CancellationToken.None).Skip(_state.StepInEpoch))
        {
            if (cancellationToken.IsCancellationRequested || _options.StopToken.IsCancellationRequested)
            {
                _checkpoint?.Write();
                cancellationToken.ThrowIfCancellationRequested();
                _wasStopped = _finished is not null;
                if (_wasStopped)
                {
                    return;
                }

                _options.StopToken.ThrowIfCancellationRequested();
            }

            _watch.Start();
            Step(rows);
            _watch.Stop();
            _options.Progress?.Report(Progress(examplesBefore, epochStart, completed: null));
            if (_state.StepInEpoch < _loader.BatchCount && _options.Checkpoint?.EverySteps is { } interval && _optimizer.StepCount % interval == 0)
            {
                _checkpoint!.Write();
            }
        }

        var validation = Validate(cancellationToken);
        var result = new EpochResult(
            _state.Epoch + 1, _state.Losses.Mean, _state.Losses.Parts, validation, (_watch.Elapsed - epochStart).TotalSeconds);
        _state.Results.Add(result);
        _options.Progress?.Report(Progress(examplesBefore, epochStart, result));
        _state.CompleteEpoch();
        _finished = _options.StopToken.CanBeCanceled ? _model.Parameters.Select(parameter => parameter.Value.Values.ToArray()).ToArray() : null;
        if (validation is not null && _options.EarlyStopping is { } stopping)
        {
            _state.Judge(stopping.Knowing(_options.ValidationMetrics), stopping.Read(validation), _model.Parameters);
        }

        var isLast = _state.Epoch == _options.Epochs || _state.StoppedEarly;
        if (_options.Checkpoint is { } settings && (isLast || _state.Epoch % settings.EveryEpochs == 0))
        {
            _checkpoint!.Write();
        }
    }

    private void Step(ReadOnlyMemory<int> rows)
    {
        using var scope = TensorScope.Begin();
        var batch = new Batch(_data, rows.ToArray(), ForwardContext.Training(_options.Seed, _optimizer.StepCount));
        var loss = _model.LossOf(batch);
        if (!double.IsFinite(loss.PerExample))
        {
            throw NonFinite(loss.PerExample, batch);
        }

        _divergence ??= new Divergence(loss.PerExample, batch.RowCount);
        Regularized(loss, batch).Backward();
        var effect = _optimizer.StepCount == 0 ? new FirstStep(_model.Parameters) : null;
        _tail?.BeforeStep(_optimizer.StepCount + 1);
        _optimizer.Step(PlannedSteps);
        _tail?.AfterStep(_optimizer.StepCount);
        if (effect is not null)
        {
            _warnings.AddRange(effect.WarningsAfter(PlannedSteps));
        }

        _state.Losses.Add(loss);
        _state.StepInEpoch++;
        _steps++;
        _examples += batch.RowCount;
    }

    // Penalties count per example, as the reported loss does: those of weights as they are, those of the vectors that rows use by their mean over
    // the rows. What is minimised is the whole times the loss's scale. Reports show the loss alone.
    private static Tensor Regularized(Loss loss, Batch batch)
    {
        var value = loss.Value;
        value = batch.Context.Regularization is { } rows ? value + (rows * (float)(loss.Scale / batch.RowCount)) : value;
        return batch.Context.WeightPenalty is { } weights ? value + (weights * (float)loss.Scale) : value;
    }

    private IReadOnlyDictionary<string, double>? Validate(CancellationToken cancellationToken)
    {
        var epoch = _state.Epoch + 1;
        if (_options.Validation is not { } data || (epoch % _options.ValidationInterval != 0 && epoch != _options.Epochs))
        {
            return null;
        }

        var metrics = _model.Evaluate(data, cancellationToken: cancellationToken).Metrics;
        if (_options.ValidationMetrics.Count == 0)
        {
            return metrics;
        }

        var all = new MetricReport();
        foreach (var (name, value) in metrics)
        {
            all.Add(name, value);
        }

        foreach (var metric in _options.ValidationMetrics)
        {
            all.Add(metric.Name, metric.Of(data));
        }

        return all.Values;
    }

    private FitProgress Progress(long examplesBefore, TimeSpan epochStart, EpochResult? completed) => new(
        _state.Epoch + 1,
        _options.Epochs,
        _state.StepInEpoch,
        _loader.BatchCount,
        _state.Losses.Mean,
        (_examples - examplesBefore) / Math.Max((_watch.Elapsed - epochStart).TotalSeconds, 1e-9),
        completed);

    private NonFiniteLossException NonFinite(double loss, Batch batch)
    {
        var (epoch, step) = (_state.Epoch + 1, _state.StepInEpoch + 1);
        return new NonFiniteLossException(
            $"The loss is {loss} in epoch {epoch}, batch {step} of {_loader.BatchCount} (rows {string.Join(", ", batch.Rows[..Math.Min(5, batch.RowCount)].ToArray())}, …). "
            + "Training stopped before this batch changed any weight. Look for NaN or huge values in these rows, normalise numeric features, or lower the learning rate.",
            epoch,
            step);
    }
}
