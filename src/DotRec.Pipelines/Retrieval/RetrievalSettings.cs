using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>How a retrieval model is made and trained.</summary>
internal sealed record RetrievalSettings
{
    public const string TutorialPreset = "tutorial";
    public const string TunedPreset = "tuned";

    /// <summary>TFRS' basic retrieval tutorial, setting for setting: no correction for popularity, no removal of accidental hits.</summary>
    public static RetrievalSettings Tutorial { get; } = new()
    {
        Preset = TutorialPreset,
        BatchSize = 8192,
        LearningRate = 0.1,
        CorrectSampling = false,
        RemoveAccidentalHits = false,
    };

    /// <summary>The defaults of the ready model; docs/decisions tells how they were chosen.</summary>
    public static RetrievalSettings Tuned { get; } = new()
    {
        Preset = TunedPreset,
        BatchSize = 1024,
        LearningRate = 0.2,
        CorrectSampling = true,
        RemoveAccidentalHits = true,
        SharedQueryVector = true,
        EmbeddingL2 = 0.06,
        TailAverage = 0.2,
    };

    public required string Preset { get; init; }

    public int Dimension { get; init; } = 32;

    public int Epochs { get; init; } = 3;

    public required int BatchSize { get; init; }

    public string Optimizer { get; init; } = "adagrad";

    public required double LearningRate { get; init; }

    public required bool CorrectSampling { get; init; }

    public required bool RemoveAccidentalHits { get; init; }

    public bool SharedQueryVector { get; init; }

    public double EmbeddingL2 { get; init; }

    public double TailAverage { get; init; }

    public static RetrievalSettings Named(string preset) => preset == TutorialPreset ? Tutorial : Tuned;

    public Optimizer CreateOptimizer() => Optimizer switch
    {
        "adagrad" => new Adagrad(LearningRate),
        "adam" => new Adam(LearningRate),
        _ => new Sgd(LearningRate),
    };
}
