using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

/// <summary>Histories in which each item is followed by the next one of a circle: what comes next follows from the last item.</summary>
internal static class SequenceCase
{
    public const int Items = 40;

    public static readonly SasRecOptions Small = new() { Dimension = 16, Blocks = 1, Length = 12, Dropout = 0.1 };

    public static readonly HistoryFitOptions Fast = new() { Epochs = 12, BatchPositions = 256, Optimizer = new Adam(0.01) };

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
