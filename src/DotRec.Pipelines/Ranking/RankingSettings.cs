using System.Text.Json.Nodes;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>How a ranking model is made and trained. docs/decisions tells how the defaults were chosen.</summary>
internal sealed record RankingSettings
{
    public const string AutoLoss = "auto";
    public const string SquaredLoss = "squared";
    public const string LogLoss = "logloss";
    public const string CrossNetwork = "dcn";
    public const string ParallelCrossNetwork = "dcn-parallel";
    public const string Dlrm = "dlrm";
    public const string WideAndDeep = "wide-deep";
    public const string Mlp = "mlp";
    public const string Logistic = "logistic";

    /// <summary>All networks, by the names users give.</summary>
    public static readonly string[] Networks = [CrossNetwork, ParallelCrossNetwork, Dlrm, WideAndDeep, Mlp, Logistic];

    public string Network { get; init; } = CrossNetwork;

    /// <summary>Width of an embedding; categories of few values get narrower ones, see <see cref="RankingFields"/>.</summary>
    public int Dimension { get; init; } = 8;

    /// <summary>Penalty on the embeddings a batch uses.</summary>
    public double EmbeddingL2 { get; init; } = 1e-4;

    /// <summary>Penalty on the weights of logistic and linear regression, alone and as the wide part.</summary>
    public double LinearL2 { get; init; } = 1e-3;

    /// <summary>Penalty on the kernels of dense layers.</summary>
    public double KernelL2 { get; init; }

    /// <summary>Categories rarer than this share the row of unknown ones.</summary>
    public int MinimumCount { get; init; } = 2;

    /// <summary>Quantile bins that a number is also looked up by.</summary>
    public int Bins { get; init; } = 32;

    public int CrossLayers { get; init; } = 2;

    public IReadOnlyList<int> Hidden { get; init; } = [64, 64];

    public double Dropout { get; init; } = 0.2;

    /// <summary>The most epochs; training stops when the validation rows are no better served.</summary>
    public int Epochs { get; init; } = 30;

    public int BatchSize { get; init; } = 256;

    public string Optimizer { get; init; } = "adam";

    public double LearningRate { get; init; } = 0.001;

    /// <summary>Epochs without a better loss on the validation rows before training stops.</summary>
    public int Patience { get; init; } = 2;

    /// <summary>True when nothing was said of how long and how fast to train.</summary>
    public bool HasDefaultTraining => new RankingSettings() is var usual && (Epochs, BatchSize, Optimizer, LearningRate, Patience) == (usual.Epochs, usual.BatchSize, usual.Optimizer, usual.LearningRate, usual.Patience);

    /// <summary>
    /// Settings that fit a logistic or linear regression well. Its weights must grow from 0 to what they are: on few rows, 30 epochs at the rate that
    /// suits networks end before they are there, and the regression loses to the mean.
    /// </summary>
    public RankingSettings ForRegression(int rows)
    {
        const int Steps = 4000;
        const int StepsOfPatience = 100;
        var stepsAnEpoch = Math.Max(1, rows / BatchSize);
        return this with
        {
            Network = Logistic,
            Optimizer = "adam",
            LearningRate = Math.Max(LearningRate, 0.01),
            Epochs = Math.Max(Epochs, Steps / stepsAnEpoch),
            Patience = Math.Max(Patience, StepsOfPatience / stepsAnEpoch),
        };
    }

    public Optimizer CreateOptimizer() => Optimizer switch
    {
        "adagrad" => new Adagrad(LearningRate),
        "adam" => new Adam(LearningRate),
        _ => new Sgd(LearningRate),
    };

    public JsonObject ToJson() => new()
    {
        ["network"] = Network,
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
        ["optimizer"] = Optimizer,
        ["learningRate"] = LearningRate,
        ["patience"] = Patience,
    };
}
