using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>How a retrieval model is made and trained: start from <see cref="Tuned"/> and change what you know better.</summary>
/// <example>
/// <code>
/// var settings = RetrievalSettings.Tuned with { Dimension = 64, Epochs = 5 };
/// </code>
/// </example>
public sealed record RetrievalSettings
{
    private RetrievalSettings(string preset) => Preset = preset;

    /// <summary>The defaults of the ready model; docs/decisions/0006 tells how they were chosen.</summary>
    public static RetrievalSettings Tuned { get; } = new("tuned")
    {
        BatchSize = 1024,
        LearningRate = 0.2,
        CorrectSampling = true,
        RemoveAccidentalHits = true,
        SharedQueryVector = true,
        EmbeddingL2 = 0.06,
        IdDropout = 0.05,
        TailAverage = 0.2,
    };

    /// <summary>TFRS' basic retrieval tutorial, setting for setting: no correction for popularity, no removal of accidental hits.</summary>
    public static RetrievalSettings Tutorial { get; } = new("tutorial") { BatchSize = 8192, LearningRate = 0.1 };

    /// <summary>Which of the two these settings started from: "tuned" or "tutorial".</summary>
    public string Preset { get; }

    /// <summary>Width of the embeddings, at least 1. 32 in both presets.</summary>
    public int Dimension
    {
        get;
        init => field = OptionRange.AtLeastOne(value, nameof(Dimension));
    } = 32;

    /// <summary>Passes over the data, at least 1; with a validation part at most so many. 3 in both presets.</summary>
    public int Epochs
    {
        get;
        init => field = OptionRange.AtLeastOne(value, nameof(Epochs));
    } = 3;

    /// <summary>Rows a step, at least 1. Tuned: 1024, tutorial: 8192.</summary>
    public int BatchSize
    {
        get;
        init => field = OptionRange.AtLeastOne(value, nameof(BatchSize));
    } = 1024;

    /// <summary>How weights are updated. Adagrad in both presets; another one wants its own <see cref="LearningRate"/>.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adagrad;

    /// <summary>Size of the optimizer's steps, positive. Tuned: 0.2, tutorial: 0.1.</summary>
    public double LearningRate
    {
        get;
        init => field = OptionRange.Positive(value, nameof(LearningRate));
    } = 0.2;

    /// <summary>True: the loss is corrected for how often an item is a negative (logQ). Tuned: true, tutorial: false.</summary>
    public bool CorrectSampling { get; init; }

    /// <summary>True: the query's own item is no negative of it. Tuned: true, tutorial: false.</summary>
    public bool RemoveAccidentalHits { get; init; }

    /// <summary>True: a vector that all queries share is added to each, so that popular items need not be learned by every query. Tuned: true, tutorial: false.</summary>
    public bool SharedQueryVector { get; init; }

    /// <summary>Penalty on the embeddings a batch uses, from 0 on. Tuned: 0.06, tutorial: 0.</summary>
    public double EmbeddingL2
    {
        get;
        init => field = OptionRange.NotNegative(value, nameof(EmbeddingL2));
    }

    /// <summary>
    /// Share of the ids that a step takes for unknown, from 0 to below 1, in a tower that reads features beside the id: so that a new item or query is embedded by
    /// its features. Without features it has no effect. Tuned: 0.05, tutorial: 0. docs/decisions/0038 tells how it was chosen.
    /// </summary>
    public double IdDropout
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "IdDropout is a share of the ids, from 0 to below 1.");
    }

    /// <summary>
    /// How much a row that was shown and not chosen counts beside the choices of its query, where <see cref="RetrievalPipelineOptions.Label"/> names such rows: from 0 on.
    /// 0.1 in both presets; docs/decisions/0038 has figures.
    /// </summary>
    public double NegativeWeight
    {
        get;
        init => field = OptionRange.NotNegative(value, nameof(NegativeWeight));
    } = 0.1;

    /// <summary>
    /// Share of the last steps over which the final weights are averaged, 0 to 1. Tuned: 0.2, tutorial: 0.
    /// </summary>
    public double TailAverage
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "TailAverage is a share of the steps, 0 to 1.");
    }

    internal Optimizer CreateOptimizer() => OptionRange.CreateOptimizer(Optimizer, LearningRate);
}
