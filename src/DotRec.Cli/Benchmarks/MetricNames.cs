using DotRec.Indexing;

namespace DotRec.Cli;

/// <summary>How the command line calls score functions.</summary>
internal static class MetricNames
{
    public static readonly string[] All = ["dot", "cosine", "l2"];

    public static ScoreFunction Parse(string name) => name switch
    {
        "dot" => ScoreFunction.Dot,
        "cosine" => ScoreFunction.Cosine,
        "l2" => ScoreFunction.NegatedSquaredL2,
        _ => throw new UserException($"--metric is '{name}'; expected one of {string.Join(", ", All)}."),
    };

    public static string Of(ScoreFunction function) => function switch
    {
        ScoreFunction.Dot => "dot",
        ScoreFunction.Cosine => "cosine",
        _ => "l2",
    };
}
