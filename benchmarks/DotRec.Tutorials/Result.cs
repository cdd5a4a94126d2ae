using System.Globalization;

namespace DotRec.Tutorials;

/// <summary>One number of one model over the seeds.</summary>
/// <param name="Model">What was trained.</param>
/// <param name="Metric">What was measured, on the test rows.</param>
/// <param name="Values">One value a seed.</param>
/// <param name="Published">What TFRS published for it.</param>
/// <param name="Parameters">Trained numbers of the model.</param>
/// <param name="Seconds">Training and evaluation, all seeds together.</param>
internal sealed record Result(string Model, string Metric, IReadOnlyList<double> Values, string Published, long Parameters, double Seconds)
{
    /// <summary>The mean must not be above it.</summary>
    public double? AtMost { get; init; }

    /// <summary>The mean must not be below it.</summary>
    public double? AtLeast { get; init; }

    /// <summary>Processor time of training, all threads and seeds together: what counts where other work shares the machine. Null where it was not taken.</summary>
    public double? ProcessorSeconds { get; init; }

    /// <summary>Mean over the seeds.</summary>
    public double Mean => Values.Average();

    /// <summary>Standard deviation over the seeds, as numpy's: divided by their number.</summary>
    public double Deviation => Math.Sqrt(Values.Sum(value => (value - Mean) * (value - Mean)) / Values.Count);

    /// <summary>Whether the mean keeps its bound.</summary>
    public bool Holds => !(Mean > AtMost) && !(Mean < AtLeast) && double.IsFinite(Mean);

    private string Bar => (AtMost, AtLeast) switch
    {
        (null, null) => "",
        _ => string.Create(CultureInfo.InvariantCulture, $"{(AtMost is null ? "≥" : "≤")} {AtMost ?? AtLeast:0.0###} {(Holds ? "kept" : "MISSED")}"),
    };

    /// <summary>The head of a table of results, in Markdown.</summary>
    public static string Head => $"| {"model",-58} | parameters | {"metric",-22} | {"mean ± std",-18} | {"TFRS",-15} | {"bound",-15} | seconds | processor |\n"
        + $"|{new string('-', 60)}|-----------:|{new string('-', 24)}|{new string('-', 20)}|{new string('-', 17)}|{new string('-', 17)}|--------:|----------:|";

    /// <summary>A line of that table.</summary>
    public override string ToString()
    {
        var digits = Mean < 0.001 ? "0.0000000" : "0.0000";
        var value = $"{Mean.ToString(digits, CultureInfo.InvariantCulture)} ± {Deviation.ToString(digits, CultureInfo.InvariantCulture)}";
        return string.Create(
            CultureInfo.InvariantCulture, $"| {Model,-58} | {(Parameters == 0 ? "" : Parameters.ToString("N0", CultureInfo.InvariantCulture)),10} | {Metric,-22} | {value,-18} | {Published,-15} | {Bar,-15} | {Seconds,7:0.0} | {ProcessorSeconds,9:0.0} |");
    }
}
