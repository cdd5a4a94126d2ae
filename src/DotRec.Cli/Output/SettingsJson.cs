using System.Text.Json.Nodes;
using DotRec.Modeling;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary>How a model was trained, as JSON.</summary>
internal static class SettingsJson
{
    /// <summary>The settings that were in effect: with a validation part no weights are averaged.</summary>
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
        ["tailAverage"] = options.ValidationFraction is null ? options.Settings.TailAverage : 0,
    };

    public static JsonObject Of(FitResult fit) => new()
    {
        ["epochs"] = fit.Epochs.Count,
        ["bestEpoch"] = fit.BestEpoch,
        ["stoppedEarly"] = fit.StoppedEarly,
        ["loss"] = fit.Epochs[fit.BestEpoch - 1].Loss,
    };
}
