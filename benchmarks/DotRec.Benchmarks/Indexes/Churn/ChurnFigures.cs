using System.Text.Json.Nodes;

namespace DotRec.Benchmarks;

/// <summary>How a live index did after changes, beside an index built anew.</summary>
/// <param name="Kind">How items changed.</param>
/// <param name="Share">Items that were to change, in percent.</param>
/// <param name="Changed">Items added, deleted or replaced; of several groups of queries, the mean.</param>
/// <param name="Queries">Queries asked.</param>
/// <param name="Recall">Share of the right answers among the living items that was found.</param>
/// <param name="Microseconds">Median time of a query.</param>
/// <param name="BaselineRecall">The same of an index that was built of the living items.</param>
/// <param name="BaselineMicroseconds">The same of an index that was built of the living items.</param>
/// <param name="UpsertsPerSecond">Items written in a second, where any were.</param>
internal sealed record ChurnFigures(
    string Kind,
    double Share,
    int Changed,
    int Queries,
    double Recall,
    double Microseconds,
    double BaselineRecall,
    double BaselineMicroseconds,
    double? UpsertsPerSecond)
{
    public JsonObject ToJson()
    {
        var result = new JsonObject
        {
            ["kind"] = Kind,
            ["share"] = Share,
            ["changed"] = Changed,
            ["queries"] = Queries,
            ["recall"] = Recall,
            ["microseconds"] = Microseconds,
            ["baselineRecall"] = BaselineRecall,
            ["baselineMicroseconds"] = BaselineMicroseconds,
        };
        if (UpsertsPerSecond is { } upserts)
        {
            result["upsertsPerSecond"] = upserts;
        }

        return result;
    }
}
