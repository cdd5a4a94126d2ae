using DotRec.Data;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>Random rows of queries with items, ratings and clicks, to train on.</summary>
/// <param name="Seed">Decides the rows and the first weights.</param>
/// <param name="Queries">Number of queries.</param>
/// <param name="Length">Rows of a query.</param>
/// <param name="L2">Strength of every penalty.</param>
/// <param name="Weight">Weight of the second task.</param>
public sealed record ReductionProblem(ulong Seed, int Queries, int Length, double L2, double Weight)
{
    /// <summary>The rows.</summary>
    public FeatureBatch Data { get; } = Draw(Seed, Queries, Length);

    private static FeatureBatch Draw(ulong seed, int queries, int length)
    {
        var random = new SeededRandom(seed);
        var rows = Enumerable.Range(0, queries * length).ToArray();
        var items = Array.ConvertAll(rows, _ => random.NextInt(12));
        return new FeatureBatch(
            new Column<string>("user", Array.ConvertAll(rows, row => $"user {row % queries}")),
            new Column<string>("item", Array.ConvertAll(items, item => $"item {item}")),
            new Column<float>("rating", Array.ConvertAll(items, item => (float)(item % 5) + (random.NextSingle() / 2))),
            new Column<float>("clicked", Array.ConvertAll(items, item => item % 3 == 0 || random.NextSingle() < 0.2f ? 1f : 0)));
    }
}
