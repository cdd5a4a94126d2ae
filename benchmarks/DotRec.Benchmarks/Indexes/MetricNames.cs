using System.Numerics.Tensors;
using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>How the command line calls score functions.</summary>
internal static class MetricNames
{
    public static readonly string[] All = ["dot", "cosine", "l2"];

    public static ScoreFunction Parse(string name) => name switch
    {
        "dot" => ScoreFunction.Dot,
        "cosine" => ScoreFunction.Cosine,
        "l2" => ScoreFunction.NegatedSquaredL2,
        _ => throw new UsageException($"--metric is '{name}'; expected one of {string.Join(", ", All)}."),
    };

    public static string Of(ScoreFunction function) => function switch
    {
        ScoreFunction.Dot => "dot",
        ScoreFunction.Cosine => "cosine",
        _ => "l2",
    };

    /// <summary>The score of an item, for what is arranged around indexes; to their last bits scores are an index's own.</summary>
    public static float Score(ScoreFunction function, ReadOnlySpan<float> query, ReadOnlySpan<float> item)
    {
        switch (function)
        {
            case ScoreFunction.Dot:
                return TensorPrimitives.Dot(query, item);
            case ScoreFunction.Cosine:
                var cosine = TensorPrimitives.CosineSimilarity(query, item);
                return float.IsNaN(cosine) ? 0 : cosine;
            default:
                var distance = TensorPrimitives.Distance(query, item);
                return -distance * distance;
        }
    }
}
