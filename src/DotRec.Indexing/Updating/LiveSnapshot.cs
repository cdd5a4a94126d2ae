using System.Buffers;
using System.Runtime.CompilerServices;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// The items of a <see cref="LiveIndex"/> at one moment: an approximate index, the rows of it that are no items any more, and the items added
/// since. Rows of the index come first, added ones behind them.
/// </summary>
internal sealed class LiveSnapshot(ScannIndex items, Tombstones dead, DeltaSegment delta) : IItemIndex
{
    // Dead rows among the best are made up for by asking for a few more, and for four times as many when that was not enough.
    private const int Extra = 16;
    private const int Growth = 4;

    private readonly ConditionalWeakTable<ItemFilter, FilterPair> _filters = [];

    public ScannIndex Items => items;

    public Tombstones Dead => dead;

    public DeltaSegment Delta => delta;

    public int Count => items.Count + delta.Count;

    public int AliveCount => Count - DeadCount;

    public int DeadCount => dead.Count + delta.DeadCount;

    public int Dimension => items.Dimension;

    public ScoreFunction ScoreFunction => items.ScoreFunction;

    public bool IsExact => false;

    public ItemIds Ids { get; } = new LiveItemIds(items.Ids, dead, delta);

    public int Search(ReadOnlySpan<float> query, Span<Candidate> results, ItemFilter? filter = null, ReadOnlySpan<int> excludedRows = default)
    {
        SearchArguments.Check(this, query, filter);
        var excluded = ArrayPool<int>.Shared.Rent(Math.Max(1, excludedRows.Length));
        var buffer = ArrayPool<Candidate>.Shared.Rent(Math.Max(1, 2 * results.Length));
        try
        {
            var inItems = Split(excludedRows, excluded);
            var filters = filter is null ? null : _filters.GetValue(filter, Derive);
            var added = SearchDelta(query, buffer.AsSpan(results.Length, results.Length), filters?.Delta ?? delta.Alive, excluded.AsSpan(inItems, excludedRows.Length - inItems));
            var found = SearchItems(query, buffer.AsSpan(0, results.Length), filters?.Items, excluded.AsSpan(0, inItems));
            return Merge(buffer.AsSpan(0, found), buffer.AsSpan(results.Length, added), results);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(excluded);
            ArrayPool<Candidate>.Shared.Return(buffer);
        }
    }

    public void SearchBatch(
        ReadOnlySpan<float> queries, int k, Span<Candidate> results, Span<int> counts, ItemFilter? filter = null, IReadOnlyList<int[]>? excludedRows = null)
    {
        var queryCount = SearchArguments.Check(this, queries, k, results, counts, filter, excludedRows);
        for (var query = 0; query < queryCount; query++)
        {
            counts[query] = Search(queries.Slice(query * Dimension, Dimension), results.Slice(query * k, k), filter, excludedRows is null ? default : excludedRows[query]);
        }
    }

    public void CopyEmbedding(int row, Span<float> destination)
    {
        SearchArguments.Check(this, row, destination);
        if (row < items.Count)
        {
            items.CopyEmbedding(row, destination);
        }
        else
        {
            using var hold = delta.Panels.Values.Memory.Hold();
            delta.Panels.CopyRow(row - items.Count, destination);
        }
    }

    public void Save(string path) => throw new NotSupportedException("A view of a live index cannot be saved. Use LiveIndex.SaveAsync.");

    public void Dispose()
    {
        // The live index owns everything.
    }

    // Rows of the items to the front, then rows of the delta, counted from its first.
    private int Split(ReadOnlySpan<int> rows, int[] split)
    {
        var (front, back) = (0, rows.Length);
        foreach (var row in rows)
        {
            var isItem = !ItemFilter.CheckRow(row, Count) || row < items.Count;
            split[isItem ? front++ : --back] = isItem ? row : row - items.Count;
        }

        return front;
    }

    private int SearchItems(ReadOnlySpan<float> query, Span<Candidate> results, ItemFilter? filter, ReadOnlySpan<int> excludedRows)
    {
        if (dead.Count == 0 || filter is not null || results.IsEmpty)
        {
            return items.Search(query, results, filter, excludedRows);
        }

        for (var asked = Math.Min(items.Count, results.Length + Extra); ; asked = (int)Math.Min(items.Count, (long)asked * Growth))
        {
            var buffer = ArrayPool<Candidate>.Shared.Rent(asked);
            var found = items.Search(query, buffer.AsSpan(0, asked), null, excludedRows);
            var alive = 0;
            for (var i = 0; i < found && alive < results.Length; i++)
            {
                if (!dead.Contains(buffer[i].Row))
                {
                    results[alive++] = buffer[i];
                }
            }

            ArrayPool<Candidate>.Shared.Return(buffer);
            if (alive == results.Length || found < asked || asked == items.Count)
            {
                return alive;
            }
        }
    }

    private int SearchDelta(ReadOnlySpan<float> query, Span<Candidate> results, ItemFilter filter, ReadOnlySpan<int> excludedRows)
    {
        if (delta.Count == 0 || results.IsEmpty)
        {
            return 0;
        }

        using var hold = delta.Panels.Values.Memory.Hold();
        using var scalesHold = delta.Panels.Scales.Memory.Hold();
        var block = QueryBlock.Rent(delta.Count, Dimension, ScoreFunction, results.Length);
        block.Add(query, -1, excludedRows);
        PanelScan.Run(delta.Panels, 0, delta.Panels.PanelCount, 0, filter, block, ScoreFunction, KernelSelection.Current);
        var count = block.CopyBest(0, results);
        block.Return();
        foreach (ref var candidate in results[..count])
        {
            candidate = candidate with { Row = candidate.Row + items.Count };
        }

        return count;
    }

    // Equal scores by row: the items' rows are the lower ones.
    private static int Merge(ReadOnlySpan<Candidate> found, ReadOnlySpan<Candidate> added, Span<Candidate> results)
    {
        var count = Math.Min(results.Length, found.Length + added.Length);
        var (i, j) = (0, 0);
        for (var at = 0; at < count; at++)
        {
            results[at] = j == added.Length || (i < found.Length && found[i].Score >= added[j].Score) ? found[i++] : added[j++];
        }

        return count;
    }

    private FilterPair Derive(ItemFilter filter) => new(
        ItemFilter.Where(items.Count, row => filter.Allows(row) && !dead.Contains(row)),
        ItemFilter.Where(delta.Count, row => filter.Allows(items.Count + row) && delta.Alive.Allows(row)));

    private sealed record FilterPair(ItemFilter Items, ItemFilter Delta);
}
