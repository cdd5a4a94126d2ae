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

    public TrainingRun(RecommenderModel model, FeatureBatch data, FitOptions options)
    {
        _model = model;
        _data = new EncodedData(data);
        _options = options;
        _loader = model.Load(_data, new BatchOptions { BatchSize = options.BatchSize, Shuffle = options.Shuffle, Seed = options.Seed });
        model.Begin(_data, options.Seed);
        _warnings = [.. model.WarningsAbout(_data)];
        _optimizer = new OptimizerState(options.Optimizer, model.Parameters);
        _tail = options.TailAverage > 0 ? new TailAverage(model.Parameters, (long)(PlannedSteps * (1 - options.TailAverage))) : null;
        _checkpoint = options.Checkpoint is { } settings ? new Checkpoint(settings, model, _optimizer, _state, _tail, data, options) : null;
    }

    private long PlannedSteps => (long)_options.Epochs * _loader.BatchCount;

    public FitResult Run(CancellationToken cancellation)
    {
        _checkpoint?.ResumeIfPresent();
        while (_state.Epoch < _options.Epochs && !_state.StoppedEarly)
        {
            RunEpoch(cancellation);
        }

        _tail?.Apply(_optimizer.StepCount);
        if (_options.EarlyStopping is { RestoreBest: true } && _state.BestWeights is { } best)
        {
            TrainingState.Restore(_model.Parameters, best);
        }

        return new FitResult
        {
            Epochs = [.. _state.Results],
            BestEpoch = _options.EarlyStopping is { RestoreBest: true } ? _state.BestEpoch : _state.Epoch,
            StoppedEarly = _state.StoppedEarly,
            Steps = _steps,
            ExamplesPerSecond = _examples / Math.Max(_watch.Elapsed.TotalSeconds, 1e-9),
            Warnings = _warnings,
        };
    }

    private void RunEpoch(CancellationToken cancellation)
    {
        var epochStart = _watch.Elapsed;
        var examplesBefore = _examples;
        foreach (var rows in _loader.Epoch(_state.Epoch, CancellationToken.None).Skip(_state.StepInEpoch))
        {
            if (cancellation.IsCancellationRequested)
            {
                _checkpoint?.Write();
                cancellation.ThrowIfCancellationRequested();
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

        var validation = Validate(cancellation);
        var result = new EpochResult(
            _state.Epoch + 1, _state.LossSum / _state.CountInEpoch, validation?.Metrics, (_watch.Elapsed - epochStart).TotalSeconds);
        _state.Results.Add(result);
        _options.Progress?.Report(Progress(examplesBefore, epochStart, result));
        _state.CompleteEpoch();
        if (validation is not null && _options.EarlyStopping is { } stopping)
        {
            _state.Judge(stopping, stopping.Read(validation), _model.Parameters);
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
        var mean = loss.Scalar / _model.DivisorOf(batch);
        if (!double.IsFinite(mean))
        {
            throw NonFinite(mean, batch);
        }

        Regularized(loss, batch).Backward();
        var effect = _optimizer.StepCount == 0 ? new FirstStep(_model.Parameters) : null;
        _tail?.BeforeStep(_optimizer.StepCount + 1);
        _optimizer.Step(PlannedSteps);
        _tail?.AfterStep(_optimizer.StepCount);
        if (effect?.WarningAfter(PlannedSteps) is { } warning)
        {
            _warnings.Add(warning);
        }

        var count = _model.CountOf(batch);
        _state.LossSum += mean * count;
        _state.CountInEpoch += count;
        _state.StepInEpoch++;
        _steps++;
        _examples += batch.RowCount;
    }

    // Layers regularise per example, or the weights once: a loss that is a mean over examples wants the mean of the former, a sum wants the
    // latter as often as it has examples. Reports show the loss alone.
    private Tensor Regularized(Tensor loss, Batch batch)
    {
        var divisor = _model.DivisorOf(batch);
        loss = batch.Context.Regularization is { } examples ? loss + (examples * (float)(divisor / batch.RowCount)) : loss;
        return batch.Context.WeightPenalty is { } weights ? loss + (weights * (float)divisor) : loss;
    }

    private Evaluation? Validate(CancellationToken cancellation)
    {
        var epoch = _state.Epoch + 1;
        return _options.Validation is { } data && (epoch % _options.ValidationInterval == 0 || epoch == _options.Epochs)
            ? _model.Evaluate(data, cancellation: cancellation)
            : null;
    }

    private FitProgress Progress(long examplesBefore, TimeSpan epochStart, EpochResult? completed) => new(
        _state.Epoch + 1,
        _options.Epochs,
        _state.StepInEpoch,
        _loader.BatchCount,
        _state.LossSum / _state.CountInEpoch,
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
