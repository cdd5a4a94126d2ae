using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

public sealed class RowPositionsTests
{
    private const int Count = 2500;

    [Fact]
    public void Rows_lie_where_the_last_change_put_them_and_earlier_positions_stay()
    {
        using var index = ScannIndex.Build(Corpus.Clustered(1, Count, 4), 4, cancellationToken: TestContext.Current.CancellationToken);
        var expected = Enumerable.Range(0, Count).Select(index.Snapshot.Rows.PositionOf).Concat(Enumerable.Repeat(-1, 5000)).ToArray();
        Check(new RowPositions(LiveItems.Of(index)), expected);
    }

    [Fact]
    public void Rows_of_an_index_that_was_built_for_some_of_them()
    {
        using var index = ScannIndex.Build(Corpus.Clustered(1, Count, 4), 4, cancellationToken: TestContext.Current.CancellationToken);
        var rows = Enumerable.Range(0, Count).Select(item => (item * 2) + 1).ToArray();
        var items = LiveItems.Of(index, rows, 5200);
        var expected = Enumerable.Repeat(-1, 7500).ToArray();
        for (var item = 0; item < Count; item++)
        {
            expected[rows[item]] = index.Snapshot.Rows.PositionOf(item);
            Assert.Equal(rows[item], items.RowAt(index.Snapshot.Rows.PositionOf(item)));
            Assert.Equal(item, items.ItemAt(rows[item]));
            Assert.Equal(rows[item], items.RowOfItem(item));
        }

        Check(new RowPositions(items), expected);
    }

    private static void Check(RowPositions positions, int[] expected)
    {
        var random = new SeededRandom(2);
        var versions = new List<(RowPositions Positions, int[] Expected)> { (positions, expected) };
        for (var step = 0; step < 8; step++)
        {
            // Some pages more than once in one change, and rows far behind the last.
            var rows = Enumerable.Range(0, 40).Select(_ => step % 3 == 0 ? random.NextInt(expected.Length) : 1000 + random.NextInt(50)).Distinct().ToArray();
            var changes = rows.Select(row => (row, random.NextInt(3) == 0 ? -1 : random.NextInt(10_000))).ToList();
            expected = (int[])expected.Clone();
            foreach (var (row, position) in changes)
            {
                expected[row] = position;
            }

            positions = positions.With(changes);
            versions.Add((positions, expected));
        }

        Assert.Same(positions, positions.With([]));
        foreach (var version in versions)
        {
            Assert.Equal(version.Expected, Enumerable.Range(0, expected.Length).Select(row => version.Positions[row]));
        }
    }
}
