using System.Globalization;

namespace DotRec.Cli;

/// <summary>The figures a bundle was saved with: those by list length as a table, the others as a line.</summary>
internal static class MetricsTable
{
    public static void Print(IReadOnlyDictionary<string, double> metrics)
    {
        var (byLength, single) = (new SortedDictionary<string, Dictionary<int, double>>(StringComparer.Ordinal), new List<string>());
        foreach (var (name, value) in metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal))
        {
            var at = name.LastIndexOf('@');
            if (at > 0 && int.TryParse(name.AsSpan(at + 1), CultureInfo.InvariantCulture, out var k))
            {
                byLength.TryAdd(name[..at], []);
                byLength[name[..at]][k] = value;
            }
            else
            {
                single.Add(FormattableString.Invariant($"{name} {value:F4}"));
            }
        }

        if (byLength.Count > 0)
        {
            var ks = byLength.Values.SelectMany(values => values.Keys).Distinct().Order().ToArray();
            Terminal.Table(["metric @k", .. ks.Select(k => $"{k}")], byLength.Select(metric => (string[])
                [metric.Key, .. ks.Select(k => metric.Value.TryGetValue(k, out var value) ? FormattableString.Invariant($"{value:.0000}") : "")]));
        }

        if (single.Count > 0)
        {
            Terminal.Say(string.Join(", ", single));
        }
    }
}
