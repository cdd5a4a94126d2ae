namespace DotRec.Pipelines;

/// <summary>
/// Searches a few settings one at a time, each over some values, from a point to begin with: as many trials as there are values, not as there are
/// combinations. The same trials in the same order every time.
/// </summary>
/// <typeparam name="T">What a trial gives.</typeparam>
/// <param name="settings">Name, values and the place of the value to begin with.</param>
internal sealed class SettingsSearch<T>(params (string Name, double[] Values, int Start)[] settings)
{
    /// <summary>Finds the best values.</summary>
    /// <param name="measure">Tries values, one a setting, and gives a figure of which more is better.</param>
    /// <param name="log">Figures of an earlier search, which are not measured again but for the best one; null for none.</param>
    /// <param name="model">The name that these figures are under.</param>
    /// <returns>The trial of the best values, and these in words.</returns>
    public (T Best, string Words) Run(Func<double[], (double Figure, T Trial)> measure, SearchLog? log = null, string model = "")
    {
        var values = Array.ConvertAll(settings, setting => setting.Values[setting.Start]);
        var (figure, best) = Try(values);
        for (var i = 0; i < settings.Length; i++)
        {
            foreach (var value in settings[i].Values.Where((_, place) => place != settings[i].Start))
            {
                double[] tried = [.. values];
                tried[i] = value;
                var (other, trial) = Try(tried);
                if (other > figure)
                {
                    (figure, best, values) = (other, trial, tried);
                }
            }
        }

        var words = string.Join(", ", settings.Zip(values, (setting, value) => FormattableString.Invariant($"{setting.Name} {value}")));
        return (best.Length > 0 ? best[0] : measure(values).Trial, words);

        // Of a known figure there is no trial.
        (double Figure, T[] Trial) Try(double[] tried)
        {
            if (log?.Find(model, tried) is { } known)
            {
                return (known, []);
            }

            var (figure, trial) = measure(tried);
            log?.Add(model, tried, figure);
            return (figure, [trial]);
        }
    }
}
