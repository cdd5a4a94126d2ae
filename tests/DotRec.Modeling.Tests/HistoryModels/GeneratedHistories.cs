using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

/// <summary>Made-up histories in which items follow one another in chains, so that order tells something.</summary>
internal static class GeneratedHistories
{
    public static Histories Make(int queries = 200, int items = 40, int longest = 12, ulong seed = 1)
    {
        var random = new SeededRandom(seed);
        return Histories.Of(items, [.. Enumerable.Range(0, queries).Select(_ =>
        {
            var history = new int[random.NextInt(longest + 1)];
            for (var i = 0; i < history.Length; i++)
            {
                history[i] = i > 0 && random.NextInt(3) > 0 ? (history[i - 1] + 1) % items : (int)(items * Math.Pow(random.NextDouble(), 2));
            }

            return (IReadOnlyList<int>)history;
        })]);
    }

    /// <summary>What each query had, [queries, items], of double precision.</summary>
    public static double[][] Sets(Histories histories) => [.. Enumerable.Range(0, histories.Count).Select(query =>
    {
        var row = new double[histories.ItemCount];
        foreach (var item in histories.Of(query))
        {
            row[item] = 1;
        }

        return row;
    })];
}
