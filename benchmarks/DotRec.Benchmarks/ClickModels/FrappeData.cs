using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>
/// Frappe (Baltrunas et al., 2015): which app is used where and when. As usual in the literature every logged use has label 1 and two apps that its
/// user never used, drawn evenly in the same context, have label 0; the count of uses is dropped; 70 % are to train, 20 % to stop by, 10 % to test.
/// </summary>
internal sealed class FrappeData : ClickData
{
    private const int Negatives = 2;

    public override string Name => "Frappe";

    public override string File => "frappe.zip";

    public override IReadOnlyList<string> Header { get; } =
        ["user", "item", "daytime", "weekday", "isweekend", "homework", "cost", "weather", "country", "city", "label"];

    public override string Label => "label";

    public override double ValidationFraction => 2.0 / 9;

    public override ClickRows Read(string folder, ulong seed)
    {
        var logs = Lines(folder, "frappe.csv").Skip(1).Select(line => line.Split('\t')).ToArray();
        var items = logs.Select(log => log[1]).Distinct(StringComparer.Ordinal).ToArray();
        var used = logs.Select(log => (log[0], log[1])).ToHashSet();
        var random = new SeededRandom(seed).Stream(1);
        var rows = new List<string[]>();
        foreach (var log in logs)
        {
            rows.Add(Row(log, log[1], "1"));
            for (var i = 0; i < Negatives; i++)
            {
                string item;
                do
                {
                    item = items[random.NextInt(items.Length)];
                }
                while (used.Contains((log[0], item)));
                rows.Add(Row(log, item, "0"));
            }
        }

        return Shuffled([.. rows], testFraction: 0.1, seed);
    }

    private static string[] Row(string[] log, string item, string label) => [log[0], item, .. log.AsSpan(3), label];
}
