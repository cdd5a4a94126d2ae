using DotRec.Data;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

/// <summary>Histories in which each item is followed by the next one of a circle: what comes next follows from the last item.</summary>
internal static class SequenceCase
{
    public const int Items = 40;

    public static readonly SasRecOptions Small = new() { Dimension = 16, Blocks = 1, Length = 12, Dropout = 0.1 };

    public static readonly HistoryFitOptions Fast = new() { Epochs = 12, BatchPositions = 256, Optimizer = new Adam(0.01) };

    private static readonly Gru4RecOptions SmallGru = new() { Dimension = 16, Length = 12, Dropout = 0.1 };

    private static readonly PooledHistoryOptions SmallPooled = new() { Dimension = 16, Length = 12, Dropout = 0.1, Decay = 0.5 };

    /// <summary>Every network, small, by what is special about it.</summary>
    public static readonly IReadOnlyDictionary<string, Func<HistoryNetwork>> Networks = new Dictionary<string, Func<HistoryNetwork>>
    {
        ["sasrec"] = () => new SasRec(Small),
        ["sasrec, 2 blocks, post-norm"] = () => new SasRec(Small with { Blocks = 2, PostNorm = true }),
        ["sasrec, 2 heads, post-norm, from start"] = () => new SasRec(Small with { Heads = 2, PostNorm = true, PositionsFromStart = true }),
        ["sasrec, 3 blocks, 4 heads, from start"] = () => new SasRec(Small with { Blocks = 3, Heads = 4, PositionsFromStart = true }),
        ["sasrec, features"] = () => new SasRec(Small) { ItemFeatures = Features },
        ["sasrec, features, two tables"] = () => new SasRec(Small with { TieEmbeddings = false }) { ItemFeatures = Features },
        ["gru"] = () => new Gru4Rec(SmallGru),
        ["gru, 2 layers, two tables"] = () => new Gru4Rec(SmallGru with { Layers = 2, TieEmbeddings = false }),
        ["pooled, mean"] = () => new PooledHistory(SmallPooled with { Pooling = HistoryPooling.Mean }),
        ["pooled, decayed mean, features"] = () => new PooledHistory(SmallPooled) { ItemFeatures = Features },
        ["pooled, attention"] = () => new PooledHistory(SmallPooled with { Pooling = HistoryPooling.Attention }),
    };

    /// <summary>A quarter of the circle, and a list of colours of which item 7 has none.</summary>
    public static ItemFeatures Features { get; } = ItemFeatures.Of(
        new FeatureBatch(
            new Column<long>("quarter", [.. Enumerable.Range(0, Items).Select(item => (long)(item / 10))]),
            new Column<string>(
                "colours",
                [.. Enumerable.Range(0, Items).SelectMany(item => item == 7 ? [] : item % 2 == 0 ? new[] { "red" } : ["blue", $"shade {item % 3}"])],
                [.. Enumerable.Range(0, Items + 1).Select(end => Enumerable.Range(0, end).Sum(item => item == 7 ? 0 : item % 2 == 0 ? 1 : 2))])),
        "quarter",
        "colours");

    public static Histories Circle(int count = 240)
    {
        var random = new SeededRandom(5);
        return Histories.Of(Items, [.. Enumerable.Range(0, count).Select(_ =>
        {
            var (start, length) = (random.NextInt(Items), 2 + random.NextInt(12));
            return (IReadOnlyList<int>)Enumerable.Range(start, length).Select(item => item % Items).ToArray();
        })]);
    }
}
