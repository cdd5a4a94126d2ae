using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>What the trial of a retrieval model found: the settings to fit again with, and whether what was seen is best left out.</summary>
/// <param name="Tried">The model of the trial, fit on fewer rows.</param>
/// <param name="Report">Its ranks on the validation rows.</param>
/// <param name="Refit">Fits once more, with the settings that were best.</param>
internal sealed record RetrievalChoice(RetrievalFit Tried, RetrievalReport Report, Func<RetrievalRows, CancellationToken, RetrievalFit> Refit)
{
    // What is left out where a query has had it is decided by the lists that people see.
    private const int ShownLength = 10;

    // Longer lists than are shown: with more hits there is less noise, and it is the same figure that the epochs of towers are chosen by. The first places
    // still count most.
    private const int ComparedLength = 100;

    /// <summary>What is compared.</summary>
    public const string Metric = "ndcg@100";

    /// <summary>Hit rates at 10, all items and without seen ones.</summary>
    public (double All, double ExcludingSeen) HitRates => (Report.All.HitRate[ShownLength], Report.ExcludingSeen.HitRate[ShownLength]);

    /// <summary>The trial as a search of models compares it.</summary>
    /// <param name="excludesSeen">Whether seen items are left out; null for whichever is better.</param>
    public CandidateTrial<RetrievalChoice> ToTrial(bool? excludesSeen) => new(this, Tried.Settings, Figures(Report, excludesSeen));

    /// <summary>Searches the settings of a model that needs no epochs.</summary>
    /// <param name="kind">Of which kind.</param>
    /// <param name="settings">Name, values and the place of the value to begin with.</param>
    /// <param name="fit">Fits with values.</param>
    /// <param name="validation">The rows to measure on.</param>
    /// <param name="excludesSeen">Whether seen items are left out; null for whichever is better.</param>
    /// <param name="log">Figures of an earlier search; null for none.</param>
    /// <param name="cancellationToken">Heard while a fit is measured.</param>
    /// <returns>The best values, their fit and its ranks, and the values in words.</returns>
    public static ((double[] Values, RetrievalFit Fit, RetrievalReport Report) Best, string Words) Search(
        RetrievalModelKind kind, (string Name, double[] Values, int Start)[] settings, Func<double[], RetrievalFit> fit, FeatureBatch validation, bool? excludesSeen, SearchLog? log, CancellationToken cancellationToken) =>
        new SettingsSearch<(double[] Values, RetrievalFit Fit, RetrievalReport Report)>(settings).Run(values =>
        {
            var tried = fit(values);
            var measured = tried.Evaluate(validation, cancellationToken).Retrieval;
            return (Figures(measured, excludesSeen).Average(), (values, tried, measured));
        }, log, RetrievalModelNames.Of(kind));

    /// <summary>NDCG at 100 of each row: 1 / log2(1 + rank) of an item that is among the first hundred, else 0.</summary>
    public static double[] Figures(RetrievalReport report, bool? excludesSeen)
    {
        var excludes = excludesSeen ?? report.ExcludingSeen.HitRate[ShownLength] >= report.All.HitRate[ShownLength];
        return Array.ConvertAll((excludes ? report.RanksExcludingSeen : report.Ranks).ToArray(), rank => rank is >= 1 and <= ComparedLength ? 1 / Math.Log2(1 + rank) : 0);
    }
}
