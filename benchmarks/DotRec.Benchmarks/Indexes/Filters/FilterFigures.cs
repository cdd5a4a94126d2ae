using System.Text.Json.Nodes;

namespace DotRec.Benchmarks;

/// <summary>How an index did under filters of a kind.</summary>
/// <param name="Kind">"none" without a filter.</param>
/// <param name="Selectivity">Items that were to be allowed, in percent.</param>
/// <param name="Allowed">Items that are allowed.</param>
/// <param name="Queries">Queries asked.</param>
/// <param name="Found">Share of queries that got as many candidates as there can be: k, or all allowed items.</param>
/// <param name="Recall">Share of the right answers among the allowed items that was found.</param>
/// <param name="FirstMicroseconds">Mean time of the first search with a filter object, the slowest and fastest left out; null without a filter.</param>
/// <param name="Microseconds">Median time of a query whose filter was used before.</param>
/// <param name="ExactMicroseconds">The same of the exact index.</param>
internal sealed record FilterFigures(
    string Kind, double Selectivity, int Allowed, int Queries, double Found, double Recall, double? FirstMicroseconds, double Microseconds, double ExactMicroseconds)
{
    public JsonObject ToJson() => new()
    {
        ["kind"] = Kind,
        ["selectivity"] = Selectivity,
        ["allowed"] = Allowed,
        ["queries"] = Queries,
        ["found"] = Found,
        ["recall"] = Recall,
        ["firstMicroseconds"] = FirstMicroseconds,
        ["microseconds"] = Microseconds,
        ["exactMicroseconds"] = ExactMicroseconds,
    };
}
