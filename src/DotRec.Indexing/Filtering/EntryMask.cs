using System.Numerics;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Which entries a search may return: those that its filter allows and that are still items. Words are made a partition at a time, in scratch, from
/// what <see cref="EntryFilters"/> keeps. Belongs to one thread.
/// </summary>
internal sealed unsafe class EntryMask
{
    private readonly List<Step> _steps = [];
    private PinnedBuffer<ulong> _stack;
    private PinnedBuffer<ulong> _added;
    private SearchSpace _space = null!;
    private ItemFilter? _filter;
    private int _depth;

    /// <summary>Whether every entry of every partition may be returned.</summary>
    public bool IsOpen => _filter is null && _space.Changes is not { HasDead: true };

    /// <summary>Whether something other than deletions keeps entries out.</summary>
    public bool HasFilter => _filter is not null;

    /// <summary>Begins a search, or a batch of them.</summary>
    public void Begin(SearchSpace space, ItemFilter? filter)
    {
        _space = space;
        _filter = filter;
        _steps.Clear();
        if (filter is not null)
        {
            _depth = Compile(filter);
        }
    }

    /// <summary>Lets go of the index and the filter.</summary>
    public void Release()
    {
        _steps.Clear();
        _filter = null;
        _space = null!;
    }

    /// <summary>
    /// The words of a partition's entries in the index, lowest bit first, two a block; null when all may be returned. Valid until the next call.
    /// </summary>
    public ulong* Words(int partition)
    {
        var place = _space.Items.Codes.Partitions[partition];
        var count = 2 * PackedLookup.CountBlocks(place.Count);
        var dead = _space.Changes?.DeadEntries;
        if (_filter is null)
        {
            if (dead is null || !dead.Any(2L * place.FirstBlock, count))
            {
                return null;
            }

            _stack.Reserve(count);
            _stack.Span(count).Fill(ulong.MaxValue);
        }
        else
        {
            Evaluate(partition, count);
        }

        dead?.Remove(2L * place.FirstBlock, _stack.Span(count));
        return _stack.Pointer;
    }

    /// <summary>The words of an extent of a partition; null when all of it may be returned. Valid until the next call.</summary>
    public ulong* Words(int partition, PartitionExtent extent)
    {
        if (_filter is null && extent.DeadCount == 0)
        {
            return null;
        }

        var count = 2 * PackedLookup.CountBlocks(extent.Count);
        _added.Reserve(count);
        var words = _added.Span(count);
        words.Fill(ulong.MaxValue);
        if (_filter is not null)
        {
            words.Clear();
            if (extent.KeptCount > 0)
            {
                // What was copied from the index has the order that it has there, so what is mapped serves both.
                var kept = extent.Kept;
                EntryWords.Extract(new ReadOnlySpan<ulong>(Words(partition), kept.Length), kept, words);
            }

            var positions = extent.Positions;
            for (var entry = extent.KeptCount; entry < positions.Length; entry++)
            {
                words[entry >> 6] |= (_filter.Allows(_space.RowAt(positions[entry])) ? 1UL : 0) << (entry & 63);
            }
        }

        extent.RemoveDead(words);
        return _added.Pointer;
    }

    /// <summary>Entries of a partition that may be returned, added ones among them.</summary>
    public int CountAllowed(int partition)
    {
        var extent = _space.Changes?.Codes.Extents(partition);
        var count = _space.Items.Codes.Partitions[partition].Count;
        var allowed = extent is { ReplacesIndex: true } ? 0 : CountAllowed(Words(partition), count);
        for (; extent is not null; extent = extent.Farther)
        {
            allowed += CountAllowed(Words(partition, extent), extent.Count);
        }

        return allowed;
    }

    private static int CountAllowed(ulong* words, int count)
    {
        var allowed = words == null ? count : 0;
        for (var entry = 0; words != null && entry < count; entry += 64)
        {
            allowed += BitOperations.PopCount(words[entry >> 6] & LowestBits.Of(count - entry));
        }

        return allowed;
    }

    // In postfix order. Returns how many words of a partition are held at once.
    private int Compile(ItemFilter filter)
    {
        if (filter.Operation == FilterOperation.None)
        {
            _steps.Add(new Step(FilterOperation.None, filter, _space.Filters.Of(filter)));
            return 1;
        }

        var depth = Compile(filter.Left!);
        if (filter.Right is { } right)
        {
            depth = Math.Max(depth, 1 + Compile(right));
        }

        _steps.Add(new Step(filter.Operation, null, null));
        return depth;
    }

    private void Evaluate(int partition, int count)
    {
        _stack.Reserve(_depth * count);
        var top = -1;
        foreach (var step in _steps)
        {
            switch (step.Operation)
            {
                case FilterOperation.None:
                    _space.Filters.Words(step.Filter!, step.Mapped!, partition).CopyTo(Level(++top, count));
                    break;
                case FilterOperation.Not:
                    foreach (ref var word in Level(top, count))
                    {
                        word = ~word;
                    }

                    break;
                default:
                    top--;
                    ItemFilter.Combine(step.Operation, Level(top, count), Level(top + 1, count));
                    break;
            }
        }
    }

    private Span<ulong> Level(int level, int count) => new(_stack.Pointer + ((long)level * count), count);

    private readonly record struct Step(FilterOperation Operation, ItemFilter? Filter, EntryFilters.Mapped? Mapped);
}
