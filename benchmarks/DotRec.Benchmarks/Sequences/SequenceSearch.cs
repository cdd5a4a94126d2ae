using DotRec.Modeling;

namespace DotRec.Benchmarks;

/// <summary>A model and the settings that are searched for it, one setting at a time.</summary>
/// <param name="name">Name in the table.</param>
/// <param name="create">Makes the model of values, one a setting.</param>
/// <param name="settings">Name, values and the place of the one to begin with.</param>
internal sealed class SequenceSearch(string name, Func<double[], HistoryModel> create, params (string Name, double[] Values, int Start)[] settings)
{
    public string Name => name;

    /// <summary>The chosen values, in words.</summary>
    public string Chosen { get; private set; } = "";

    /// <summary>Chooses by a figure of which more is better.</summary>
    public (Func<HistoryModel> Create, double Best) Choose(Func<HistoryModel, double> measure)
    {
        var known = new Dictionary<string, double>(StringComparer.Ordinal);
        var values = Array.ConvertAll(settings, setting => setting.Values[setting.Start]);
        for (var i = 0; i < settings.Length; i++)
        {
            values[i] = settings[i].Values.MaxBy(value => Measured([.. values[..i], value, .. values[(i + 1)..]]));
        }

        var best = Measured(values);
        Chosen = string.Join(", ", settings.Zip(values, (setting, value) => FormattableString.Invariant($"{setting.Name} {value}")));
        return (() => create(values), best);

        double Measured(double[] tried)
        {
            var key = string.Join(' ', tried);
            return known.TryGetValue(key, out var figure) ? figure : known[key] = measure(create(tried));
        }
    }
}
