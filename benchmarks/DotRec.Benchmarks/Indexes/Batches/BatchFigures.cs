using System.Text.Json.Nodes;

namespace DotRec.Benchmarks;

/// <summary>Speed of searches in batches beside single ones.</summary>
/// <param name="Target">The recall that settings were chosen for.</param>
/// <param name="Threads">Threads at work.</param>
/// <param name="Size">Queries a batch.</param>
/// <param name="Recall">Share of the right answers that the batches found, over queries that settings were not chosen on.</param>
/// <param name="Qps">Queries a second in batches.</param>
/// <param name="SingleQps">Queries a second one at a time, by as many threads.</param>
/// <param name="Mismatches">Queries that a batch answered otherwise than a single search; anything but 0 is a fault of the library.</param>
internal sealed record BatchFigures(double Target, int Threads, int Size, double Recall, double Qps, double SingleQps, int Mismatches)
{
    public JsonObject ToJson() => new()
    {
        ["target"] = Target,
        ["threads"] = Threads,
        ["size"] = Size,
        ["recall"] = Recall,
        ["qps"] = Qps,
        ["singleQps"] = SingleQps,
        ["mismatches"] = Mismatches,
    };
}
