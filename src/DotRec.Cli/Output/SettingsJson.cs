using System.Text.Json.Nodes;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary>The settings of a training run as JSON.</summary>
internal static class SettingsJson
{
    public static JsonObject Of(RetrievalSettings settings) => new()
    {
        ["preset"] = settings.Preset,
        ["dimension"] = settings.Dimension,
        ["epochs"] = settings.Epochs,
        ["batchSize"] = settings.BatchSize,
        ["optimizer"] = settings.Optimizer,
        ["learningRate"] = settings.LearningRate,
        ["correctSampling"] = settings.CorrectSampling,
        ["removeAccidentalHits"] = settings.RemoveAccidentalHits,
        ["sharedQueryVector"] = settings.SharedQueryVector,
        ["embeddingL2"] = settings.EmbeddingL2,
        ["tailAverage"] = settings.TailAverage,
    };
}
