using System.Text.Json.Nodes;
using DotRec.Modeling;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary>How a model was trained, as JSON.</summary>
internal static class SettingsJson
{
    /// <summary>The settings that were in effect.</summary>
    public static JsonObject Of(RetrievalPipelineOptions options) => new()
    {
        ["preset"] = options.Settings.Preset,
        ["dimension"] = options.Settings.Dimension,
        ["epochs"] = options.Settings.Epochs,
        ["batchSize"] = options.Settings.BatchSize,
        ["optimizer"] = OptionRange.NameOf(options.Settings.Optimizer),
        ["learningRate"] = options.Settings.LearningRate,
        ["correctSampling"] = options.Settings.CorrectSampling,
        ["removeAccidentalHits"] = options.Settings.RemoveAccidentalHits,
        ["sharedQueryVector"] = options.Settings.SharedQueryVector,
        ["embeddingL2"] = options.Settings.EmbeddingL2,
        ["idDropout"] = options.Settings.IdDropout,
        ["weight"] = options.Weight,
        ["label"] = options.Label,
        ["negativeWeight"] = options.Settings.NegativeWeight,
        ["tailAverage"] = options.Settings.TailAverage,
    };

    /// <summary>How training went.</summary>
    /// <param name="choice">The fit that the number of epochs was chosen by.</param>
    /// <param name="fit">The fit that the model is of; the same one where it was not trained anew.</param>
    public static JsonObject Of(FitResult choice, FitResult fit) => new()
    {
        ["epochs"] = choice.Epochs.Count,
        ["bestEpoch"] = choice.BestEpoch,
        ["stoppedEarly"] = choice.StoppedEarly,
        ["wasStopped"] = fit.WasStopped,
        ["loss"] = fit.Epochs[fit.BestEpoch - 1].Loss,
    };
}
