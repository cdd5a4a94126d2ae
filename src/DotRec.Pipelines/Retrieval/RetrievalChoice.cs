using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>What the trial of a retrieval model found: the settings to fit again with, and whether what was seen is best left out.</summary>
/// <param name="Tried">The model of the trial, fit on fewer rows.</param>
/// <param name="Report">Its ranks on the validation rows.</param>
/// <param name="Refit">Fits once more, with the settings that were best.</param>
internal sealed record RetrievalChoice(RetrievalFit Tried, RetrievalReport Report, Func<RetrievalRows, CancellationToken, RetrievalFit> Refit)
{
    private const int ListLength = 10;

    /// <summary>What is compared.</summary>
    public const string Metric = "ndcg@10";

    /// <summary>Hit rates at 10, all items and without seen ones.</summary>
    public (double All, double ExcludingSeen) HitRates => (Report.All.HitRate[ListLength], Report.ExcludingSeen.HitRate[ListLength]);

    /// <summary>The trial as a search of models compares it.</summary>
    /// <param name="excludesSeen">Whether seen items are left out; null for whichever is better.</param>
    public CandidateTrial<RetrievalChoice> ToTrial(bool? excludesSeen) => new(this, Tried.Settings, Figures(Report, excludesSeen));

    /// <summary>NDCG at 10 of each row: 1 / log2(1 + rank) of an item that is among the first ten, else 0.</summary>
    public static double[] Figures(RetrievalReport report, bool? excludesSeen)
    {
        var excludes = excludesSeen ?? report.ExcludingSeen.HitRate[ListLength] >= report.All.HitRate[ListLength];
        return Array.ConvertAll((excludes ? report.RanksExcludingSeen : report.Ranks).ToArray(), rank => rank is >= 1 and <= ListLength ? 1 / Math.Log2(1 + rank) : 0);
    }
}
