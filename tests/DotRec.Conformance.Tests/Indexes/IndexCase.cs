using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>
/// Items, queries and restrictions to search with, drawn from a seed. Components come from a few small integers about as often as from a normal, so
/// that ties and zero vectors are common.
/// </summary>
public sealed record IndexCase(int Count, int Dimension, int QueryCount, int K, ulong Seed)
{
    // Around the sizes where layouts change: vectors of 4, 8 and 16, panels of 64, blocks of 64 queries and groups of 4.
    private static readonly int[] Counts = [0, 1, 2, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 300];
    private static readonly int[] Dimensions = [1, 2, 3, 7, 8, 16, 17, 33];
    private static readonly int[] QueryCounts = [1, 2, 3, 4, 5, 8, 11, 64, 65, 70];

    public static IEnumerable<IndexCase> Small()
    {
        var random = new SeededRandom(20260701);
        foreach (var count in Counts)
        {
            foreach (var dimension in Dimensions)
            {
                int[] ks = [1, 2, 10, Math.Max(count, 1), count + 5];
                yield return new IndexCase(
                    count, dimension, QueryCounts[random.NextInt(QueryCounts.Length)], ks[random.NextInt(ks.Length)], random.NextBits());
            }
        }
    }

    /// <summary>Large enough that a batch is split over runs of panels, and for several chunks of a stream.</summary>
    public static IndexCase Large => new(20_000, 19, 70, 25, 7);

    public float[] Embeddings() => Values(1, Count * Dimension);

    public float[] Queries() => Values(2, QueryCount * Dimension);

    public ItemFilter Filter(double pass)
    {
        var random = new SeededRandom(Seed).Stream(3);
        return ItemFilter.Where(Count, _ => random.NextDouble() < pass);
    }

    /// <summary>For every query some rows, with repeats and −1.</summary>
    public int[][] Exclusions()
    {
        var random = new SeededRandom(Seed).Stream(4);
        var exclusions = new int[QueryCount][];
        for (var query = 0; query < QueryCount; query++)
        {
            exclusions[query] = new int[random.NextInt(Math.Min(Count, 40) + 2)];
            for (var i = 0; i < exclusions[query].Length; i++)
            {
                exclusions[query][i] = random.NextInt(Count + 1) - 1;
            }
        }

        return exclusions;
    }

    private float[] Values(ulong stream, int length)
    {
        var random = new SeededRandom(Seed).Stream(stream);
        var whole = random.NextInt(2) == 0;
        var values = new float[length];
        foreach (ref var value in values.AsSpan())
        {
            value = whole ? random.NextInt(5) - 2 : (float)random.NextNormal();
        }

        return values;
    }
}
