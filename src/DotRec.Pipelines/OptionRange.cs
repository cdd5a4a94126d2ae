using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>What options of both tasks have in common: their ranges, and the optimizer they stand for.</summary>
internal static class OptionRange
{
    public static int AtLeastOne(int value, string name) =>
        value >= 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 1.");

    public static double Positive(double value, string name) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be a positive number.");

    public static double NotNegative(double value, string name) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or a positive number.");

    public static double Share(double value, string name) =>
        value is > 0 and < 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is a share of the rows between 0 and 1, both excluded.");

    public static string Column(string value, string name) =>
        !string.IsNullOrEmpty(value) ? value : throw new ArgumentException($"{name} is the name of a column; it is empty.", name);

    public static Optimizer CreateOptimizer(OptimizerKind kind, double learningRate) => kind switch
    {
        OptimizerKind.Adagrad => new Adagrad(learningRate),
        OptimizerKind.Adam => new Adam(learningRate),
        _ => new Sgd(learningRate),
    };

    /// <summary>As reports and bundles write it.</summary>
    public static string NameOf(OptimizerKind kind) => kind switch
    {
        OptimizerKind.Adagrad => "adagrad",
        OptimizerKind.Adam => "adam",
        _ => "sgd",
    };
}
