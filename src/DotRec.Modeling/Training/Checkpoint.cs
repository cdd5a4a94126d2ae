using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Modeling;

/// <summary>The saved state of a fit: everything that decides how it goes on.</summary>
internal sealed class Checkpoint
{
    private const string BestPrefix = "best:";
    private const string SlotPrefix = "slot";

    private readonly CheckpointOptions _settings;
    private readonly RecommenderModel _model;
    private readonly OptimizerState _optimizer;
    private readonly TrainingState _state;
    private readonly TailAverage? _tail;
    private readonly JsonObject _identity;

    public Checkpoint(
        CheckpointOptions settings, RecommenderModel model, OptimizerState optimizer, TrainingState state, TailAverage? tail, FeatureBatch data, FitOptions options)
    {
        _settings = settings;
        _model = model;
        _optimizer = optimizer;
        _state = state;
        _tail = tail;
        _identity = new JsonObject
        {
            ["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture),
            ["batch size"] = options.BatchSize,
            ["shuffle"] = options.Shuffle,
            ["optimizer"] = optimizer.Describe(),

            // A schedule and a tail stretch over the planned epochs; without them more epochs may be asked for later.
            ["epochs"] = options.Optimizer.Rules.All(rule => rule.Schedule == LearningRateSchedule.Constant) && tail is null ? 0 : options.Epochs,
            ["tail average"] = options.TailAverage,
            ["early stopping"] = options.EarlyStopping?.ToString() ?? "",
            ["settings"] = model.DescribeSettings(),
            ["parameters"] = string.Join(", ", model.Parameters),
            ["preprocessing"] = ContentHash.Of(model.PreprocessingStates()),
            ["data"] = ContentHash.Of(data),
            ["validation"] = options.Validation is null ? "" : ContentHash.Of(options.Validation),
        };
    }

    /// <summary>Goes on from the file if there is one and resuming is wanted.</summary>
    /// <exception cref="InvalidOperationException">The file belongs to another run.</exception>
    /// <exception cref="ArtifactFormatException">The file is damaged.</exception>
    public void ResumeIfPresent()
    {
        if (!_settings.Resume || !File.Exists(_settings.Path))
        {
            return;
        }

        var file = StateFile.Read(_settings.Path);
        if ((string?)file.Document["kind"] != "checkpoint" || file.Document["identity"] is not JsonObject identity)
        {
            throw new ArtifactFormatException(_settings.Path, null, "The file is no checkpoint of a fit.");
        }

        foreach (var (name, mine) in _identity)
        {
            if (!JsonNode.DeepEquals(mine, identity[name]))
            {
                throw new InvalidOperationException(
                    $"The checkpoint {_settings.Path} belongs to another fit: its {name} is {identity[name]}, this fit's is {mine}. "
                    + "Delete the file, use another path, or set CheckpointOptions.Resume to false to overwrite it.");
            }
        }

        Restore(file);
    }

    /// <summary>Saves the state; the last checkpoint is replaced only when the new one is safely on the disk.</summary>
    public void Write()
    {
        var file = new StateFile(new JsonObject
        {
            ["kind"] = "checkpoint",
            ["identity"] = _identity.DeepClone(),
            ["state"] = JsonSerializer.SerializeToNode(new Position(
                _state.Epoch,
                _state.StepInEpoch,
                _optimizer.StepCount,
                BitConverter.DoubleToInt64Bits(_state.LossSum),
                _state.CountInEpoch,
                _state.StoppedEarly,
                BitConverter.DoubleToInt64Bits(_state.BestValue),
                _state.BestEpoch,
                _state.EvaluationsWithoutImprovement,
                _state.Results)),
        });
        var parameters = _model.Parameters;
        for (var i = 0; i < parameters.Count; i++)
        {
            file.Add(parameters[i].Name, parameters[i].Value.Values.ToArray());
            for (var slot = 0; slot < _optimizer.Slots[i].Count; slot++)
            {
                file.Add(SlotName(slot, parameters[i].Name), _optimizer.Slots[i][slot]);
            }

            if (_state.BestWeights is { } best)
            {
                file.Add(BestPrefix + parameters[i].Name, best[i]);
            }
        }

        _tail?.Save(file);
        file.Write(_settings.Path);
    }

    private static string SlotName(int slot, string parameter) => string.Create(CultureInfo.InvariantCulture, $"{SlotPrefix}{slot}:{parameter}");

    private void Restore(StateFile file)
    {
        Position position;
        try
        {
            position = file.Document["state"].Deserialize<Position>()!;
        }
        catch (JsonException exception)
        {
            throw new ArtifactFormatException(_settings.Path, null, $"The state of the fit cannot be read ({exception.Message}).");
        }

        var parameters = _model.Parameters;
        for (var i = 0; i < parameters.Count; i++)
        {
            for (var slot = 0; slot < _optimizer.Slots[i].Count; slot++)
            {
                (file.Find(SlotName(slot, parameters[i].Name)) ?? throw new ArtifactFormatException(
                    _settings.Path, null, $"The optimizer state of {parameters[i]} is missing.")).CopyTo(_optimizer.Slots[i][slot].AsSpan());
            }
        }

        if (_tail?.TryLoad(file) == false)
        {
            throw new ArtifactFormatException(_settings.Path, null, "The sums of the tail average are missing or of another size.");
        }

        _model.CopyWeights(_settings.Path, file, prefix: "");
        _state.BestWeights = file.Find(BestPrefix + parameters[0].Name) is null
            ? null
            : [.. parameters.Select(parameter => file.Find(BestPrefix + parameter.Name)!)];
        _optimizer.StepCount = position.Steps;
        _state.Epoch = position.Epoch;
        _state.StepInEpoch = position.StepInEpoch;
        _state.LossSum = BitConverter.Int64BitsToDouble(position.LossSumBits);
        _state.CountInEpoch = position.CountInEpoch;
        _state.StoppedEarly = position.StoppedEarly;
        _state.BestValue = BitConverter.Int64BitsToDouble(position.BestValueBits);
        _state.BestEpoch = position.BestEpoch;
        _state.EvaluationsWithoutImprovement = position.EvaluationsWithoutImprovement;
        _state.Results.AddRange(position.Results);
    }

    /// <summary>The state as JSON. Doubles that decide something are kept as bits: JSON has no NaN or infinity.</summary>
    private sealed record Position(
        int Epoch,
        int StepInEpoch,
        long Steps,
        long LossSumBits,
        long CountInEpoch,
        bool StoppedEarly,
        long BestValueBits,
        int BestEpoch,
        int EvaluationsWithoutImprovement,
        IReadOnlyList<EpochResult> Results);
}
