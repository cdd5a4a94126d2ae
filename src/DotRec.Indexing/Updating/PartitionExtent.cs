using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Entries of one partition of a live index that lie together, in memory of their own: those of the index that were still items when it was
/// written, in their order, or none of them, and behind them added ones. Never changes for those who hold it.
/// </summary>
internal sealed unsafe class PartitionExtent
{
    // So few are looked for one by one, in vectors.
    private const int FewGone = 16;

    private readonly ExtentMemory _memory;
    private readonly ulong[]? _kept;
    private readonly ulong[] _dead;
    private readonly int _inOrder;

    /// <param name="memory">The entries.</param>
    /// <param name="count">How many of them there are.</param>
    /// <param name="kept">Which entries of the index are the first ones, a bit each; null: those of the index are scanned where they are.</param>
    /// <param name="keptCount">How many these are.</param>
    /// <param name="inOrder">Of these, how many from the first on have positions that follow one another.</param>
    /// <param name="farther">Entries too far from the centroid for the unit of these, or null.</param>
    public PartitionExtent(ExtentMemory memory, int count, ulong[]? kept, int keptCount, int inOrder, PartitionExtent? farther)
    {
        (_memory, Count, _kept, KeptCount, _inOrder, _dead, Farther) = (memory, count, kept, keptCount, inOrder, [], farther);
    }

    private PartitionExtent(PartitionExtent from, int count, ulong[] dead, int deadCount, PartitionExtent? farther)
        : this(from._memory, count, from._kept, from.KeptCount, from._inOrder, farther)
    {
        (_dead, DeadCount) = (dead, deadCount);
    }

    /// <summary>Entries, those that are no items any more among them.</summary>
    public int Count { get; }

    /// <summary>Entries that are no items any more.</summary>
    public int DeadCount { get; }

    /// <summary>Entries of the index, which come first.</summary>
    public int KeptCount { get; }

    /// <summary>Whether the entries that the partition has in the index are scanned here and not there.</summary>
    public bool ReplacesIndex => _kept is not null;

    /// <summary>Which entries of the index are the first ones, a bit each.</summary>
    public ReadOnlySpan<ulong> Kept => _kept;

    /// <summary>Entries too far from the centroid for the unit of these, or null.</summary>
    public PartitionExtent? Farther { get; }

    /// <summary>Largest scale of an entry.</summary>
    public float Unit => _memory.Unit;

    public bool IsFull => Count == _memory.Capacity;

    /// <summary>The position of every entry.</summary>
    public ReadOnlySpan<int> Positions => _memory.Positions(Count);

    /// <summary>The entries from one on, which begins a block, as many as one scan takes.</summary>
    public void Describe(int first, EntryRun* run)
    {
        _memory.Describe(first, Math.Min(Count - first, Shortlist.MaxBatch), run);
        if (_inOrder > first)
        {
            run->FirstPosition = run->Positions[0];
            run->InOrder = Math.Min(_inOrder - first, run->Packed.Count);
        }
    }

    /// <summary>Takes the entries that are no items any more out of a set, two words a block.</summary>
    public void RemoveDead(Span<ulong> words)
    {
        for (var i = 0; i < Math.Min(_dead.Length, words.Length); i++)
        {
            words[i] &= ~_dead[i];
        }
    }

    /// <summary>These entries and one more, where there is room. Only one may grow out of each.</summary>
    public PartitionExtent With(ReadOnlySpan<byte> codes, float scale, int position)
    {
        _memory.Write(Count, codes, scale, position);
        return new PartitionExtent(this, Count + 1, _dead, DeadCount, Farther);
    }

    /// <summary>These entries and others that are farther.</summary>
    public PartitionExtent With(PartitionExtent? farther) => ReferenceEquals(farther, Farther)
        ? this
        : new PartitionExtent(this, Count, _dead, DeadCount, farther);

    /// <summary>These entries and the farther ones with some marked that are no items any more.</summary>
    /// <param name="gone">Positions, each once; those that are not here are passed over.</param>
    public PartitionExtent Without(IReadOnlyCollection<int> gone)
    {
        var dead = new ulong[2 * PackedLookup.CountBlocks(Count)];
        _dead.CopyTo(dead, 0);
        IReadOnlyCollection<int> rest = gone.Count <= FewGone ? MarkFew(gone, dead) : MarkMany([.. gone], dead);
        var farther = Farther is null || rest.Count == 0 ? Farther : Farther.Without(rest);
        return rest.Count == gone.Count ? With(farther) : new PartitionExtent(this, Count, dead, DeadCount + gone.Count - rest.Count, farther);
    }

    // Returns those that are not here.
    private List<int> MarkFew(IReadOnlyCollection<int> gone, ulong[] dead)
    {
        var rest = new List<int>();
        foreach (var position in gone)
        {
            var entry = Positions.IndexOf(position);
            if (entry < 0)
            {
                rest.Add(position);
            }
            else
            {
                dead[entry >> 6] |= 1UL << (entry & 63);
            }
        }

        return rest;
    }

    // The same in one pass.
    private HashSet<int> MarkMany(HashSet<int> gone, ulong[] dead)
    {
        var positions = Positions;
        for (var entry = 0; entry < positions.Length && gone.Count > 0; entry++)
        {
            if (gone.Remove(positions[entry]))
            {
                dead[entry >> 6] |= 1UL << (entry & 63);
            }
        }

        return gone;
    }
}
