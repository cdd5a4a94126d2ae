using System.Text.Json.Nodes;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>
/// How a ranking model is made and trained. Immutable; every default is stated, docs/decisions/0034 tells how they were chosen. What is null is decided by the
/// network and the number of training rows; <see cref="RankingResult.Settings"/> tells what was.
/// </summary>
public sealed record RankingSettings
{
    /// <summary>The model. <see cref="RankingNetworkKind.Auto"/> by default: that which does best on validation rows.</summary>
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

    /// <summary>Penalty on the weights of logistic and linear regression, alone and as the wide part, from 0 on. 3e-4 by default.</summary>
    public double LinearL2
    {
        get;
        init => field = OptionRange.NotNegative(value, nameof(LinearL2));
    } = 3e-4;

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

    /// <summary>Numbers that a category has for each other field in a field-aware network, at least 1. 8 by default.</summary>
    public int LatentDimension
    {
        get;
        init => field = OptionRange.AtLeastOne(value, nameof(LatentDimension));
    } = 8;

    /// <summary>Widths of the deep layers. 64 and 64 by default.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [64, 64];

    /// <summary>Share of the deep layers' outputs that is left out in a training step, from 0 to below 1. 0.2 by default.</summary>
    public double Dropout
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Dropout is a share from 0 on, below 1.");
    } = 0.2;

    /// <summary>
    /// The most epochs, at least 1; training stops when the validation rows are no better served. Null (the default) for 30, and as many more as make 3,000
    /// steps; regressions, whose weights must grow from 0, have 60 or 4,000 steps.
    /// </summary>
    public int? Epochs
    {
        get;
        init => field = value is { } count ? OptionRange.AtLeastOne(count, nameof(Epochs)) : null;
    }

    /// <summary>Rows a step, at least 1. Null (the default) for a power of 2 near a 128th of the training rows, from 16 to 256.</summary>
    public int? BatchSize
    {
        get;
        init => field = value is { } count ? OptionRange.AtLeastOne(count, nameof(BatchSize)) : null;
    }

    /// <summary>How weights are updated. Adam by default; another one wants its own <see cref="LearningRate"/>.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>
    /// Size of the optimizer's steps, positive. Null (the default) for 0.001, and 0.005 for regressions; where the network is chosen, three times as much and a
    /// third are tried for it too.
    /// </summary>
    public double? LearningRate
    {
        get;
        init => field = value is { } rate ? OptionRange.Positive(rate, nameof(LearningRate)) : null;
    }

    /// <summary>
    /// Epochs without a better loss on the validation rows before training stops, at least 1. Null (the default) for 2, and as many more as make 100 steps.
    /// </summary>
    public int? Patience
    {
        get;
        init => field = value is { } count ? OptionRange.AtLeastOne(count, nameof(Patience)) : null;
    }

    /// <summary>
    /// Share of the last training's steps, from 0 to 1, whose weights are averaged: takes the noise of the last steps out of them. 0.2 by default.
    /// </summary>
    public double TailAverage
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "TailAverage is a share of the steps, 0 to 1.");
    } = 0.2;

    /// <summary>These settings for a network and a number of training rows: nothing is left open.</summary>
    internal RankingSettings For(RankingNetworkKind network, int rows)
    {
        const int StepsOfPatience = 100;
        var isRegression = network == RankingNetworkKind.Logistic;
        var batch = BatchSize ?? (int)Math.Clamp(Math.Pow(2, Math.Round(Math.Log2(rows / 128.0))), 16, 256);
        var stepsAnEpoch = Math.Max(1, rows / batch);
        return this with
        {
            Network = network,
            BatchSize = batch,
            Epochs = Epochs ?? (isRegression ? Math.Max(60, 4000 / stepsAnEpoch) : Math.Max(30, 3000 / stepsAnEpoch)),
            Patience = Patience ?? Math.Max(2, StepsOfPatience / stepsAnEpoch),
            LearningRate = LearningRate ?? (isRegression ? 0.005 : 0.001),
        };
    }

    internal Optimizer CreateOptimizer() => OptionRange.CreateOptimizer(Optimizer, LearningRate ?? 0.001);

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
        ["latentDimension"] = LatentDimension,
        ["hidden"] = new JsonArray([.. Hidden.Select(width => JsonValue.Create(width))]),
        ["dropout"] = Dropout,
        ["epochs"] = Epochs,
        ["batchSize"] = BatchSize,
        ["optimizer"] = OptionRange.NameOf(Optimizer),
        ["learningRate"] = LearningRate,
        ["patience"] = Patience,
        ["tailAverage"] = TailAverage,
    };
}
