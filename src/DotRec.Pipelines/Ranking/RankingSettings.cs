using System.Text.Json.Nodes;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>How a ranking model is made and trained. Immutable; every default is stated, docs/decisions/0012 tells how they were chosen.</summary>
public sealed record RankingSettings
{
    /// <summary>The model. <see cref="RankingNetworkKind.DeepCross"/> by default.</summary>
    public RankingNetworkKind Network { get; init; }

    /// <summary>Largest width of an embedding, at least 1; columns of few values get narrower ones. 8 by default.</summary>
    public int Dimension
    {
        get;
        init => field = OptionRange.AtLeastOne(value, nameof(Dimension));
    } = 8;

    /// <summary>Penalty on the embeddings a batch uses, from 0 on. 1e-4 by default.</summary>
    public double EmbeddingL2
    {
        get;
        init => field = OptionRange.NotNegative(value, nameof(EmbeddingL2));
    } = 1e-4;

    /// <summary>Penalty on the weights of logistic and linear regression, alone and as the wide part, from 0 on. 1e-3 by default.</summary>
    public double LinearL2
    {
        get;
        init => field = OptionRange.NotNegative(value, nameof(LinearL2));
    } = 1e-3;

    /// <summary>Penalty on the kernels of dense and cross layers, from 0 on. 0 by default.</summary>
    public double KernelL2
    {
        get;
        init => field = OptionRange.NotNegative(value, nameof(KernelL2));
    }

    /// <summary>Categories rarer than this share the row of unknown ones; at least 1. 2 by default.</summary>
    public int MinimumCount
    {
        get;
        init => field = OptionRange.AtLeastOne(value, nameof(MinimumCount));
    } = 2;

    /// <summary>The most bins that a tree on the label cuts a number into, 1 to 4,096. 48 by default.</summary>
    public int Bins
    {
        get;
        init => field = value is >= 1 and <= 4096 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Bins must be 1 to 4,096.");
    } = 48;

    /// <summary>Cross layers of the two deep and cross networks, at least 1. 2 by default.</summary>
    public int CrossLayers
    {
        get;
        init => field = OptionRange.AtLeastOne(value, nameof(CrossLayers));
    } = 2;

    /// <summary>Widths of the deep layers. 64 and 64 by default.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64, 64];

    /// <summary>Share of the deep layers' outputs that is left out in a training step, from 0 to below 1. 0.2 by default.</summary>
    public double Dropout
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Dropout is a share from 0 on, below 1.");
    } = 0.2;

    /// <summary>The most epochs, at least 1; training stops when the validation rows are no better served. 30 by default.</summary>
    public int Epochs
    {
        get;
        init => field = OptionRange.AtLeastOne(value, nameof(Epochs));
    } = 30;

    /// <summary>Rows a step, at least 1. 256 by default.</summary>
    public int BatchSize
    {
        get;
        init => field = OptionRange.AtLeastOne(value, nameof(BatchSize));
    } = 256;

    /// <summary>How weights are updated. Adam by default; another one wants its own <see cref="LearningRate"/>.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>Size of the optimizer's steps, positive. 0.001 by default.</summary>
    public double LearningRate
    {
        get;
        init => field = OptionRange.Positive(value, nameof(LearningRate));
    } = 0.001;

    /// <summary>Epochs without a better loss on the validation rows before training stops, at least 1. 2 by default.</summary>
    public int Patience
    {
        get;
        init => field = OptionRange.AtLeastOne(value, nameof(Patience));
    } = 2;

    /// <summary>True when nothing was said of how long and how fast to train.</summary>
    internal bool HasDefaultTraining =>
        new RankingSettings() is var usual
        && (Epochs, BatchSize, Optimizer, LearningRate, Patience) == (usual.Epochs, usual.BatchSize, usual.Optimizer, usual.LearningRate, usual.Patience);

    /// <summary>
    /// Settings that fit a logistic or linear regression well. Its weights must grow from 0 to what they are: on few rows, 30 epochs at the rate that
    /// suits networks end before they are there, and the regression loses to the mean.
    /// </summary>
    internal RankingSettings ForRegression(int rows)
    {
        const int Steps = 4000;
        const int StepsOfPatience = 100;
        var stepsAnEpoch = Math.Max(1, rows / BatchSize);
        return this with
        {
            Network = RankingNetworkKind.Logistic,
            Optimizer = OptimizerKind.Adam,
            LearningRate = Math.Max(LearningRate, 0.01),
            Epochs = Math.Max(Epochs, Steps / stepsAnEpoch),
            Patience = Math.Max(Patience, StepsOfPatience / stepsAnEpoch),
        };
    }

    internal Optimizer CreateOptimizer() => OptionRange.CreateOptimizer(Optimizer, LearningRate);

    internal JsonObject ToJson() => new()
    {
        ["network"] = Network.Name,
        ["dimension"] = Dimension,
        ["embeddingL2"] = EmbeddingL2,
        ["linearL2"] = LinearL2,
        ["kernelL2"] = KernelL2,
        ["minimumCount"] = MinimumCount,
        ["bins"] = Bins,
        ["crossLayers"] = CrossLayers,
        ["hidden"] = new JsonArray([.. Hidden.Select(width => JsonValue.Create(width))]),
        ["dropout"] = Dropout,
        ["epochs"] = Epochs,
        ["batchSize"] = BatchSize,
        ["optimizer"] = OptionRange.NameOf(Optimizer),
        ["learningRate"] = LearningRate,
        ["patience"] = Patience,
    };
}
