using DotRec.Modeling;
using DotRec.Pipelines;

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
        var ((best, values), words) = new SettingsSearch<(double Figure, double[] Values)>(settings).Run(tried =>
        {
            var figure = measure(create(tried));
            return (figure, (figure, tried));
        });
        Chosen = words;
        return (() => create(values), best);
    }
}
