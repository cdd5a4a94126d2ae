using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>The runs of one partition after another: those in the index, then the blocks that were added. Bounds are checked once for all of them.</summary>
internal unsafe struct EntryRuns
{
    private readonly SearchSpace _space;
    private readonly EntryMask? _mask;
    private readonly PackedPartition* _places;
    private readonly byte* _codes;
    private readonly short* _scales;
    private readonly int* _spilled;
    private readonly int _subspaces;
    private PackedPartition _place;
    private ulong* _words;
    private int _first;
    private AddedBlocks.Enumerator _added;

    /// <param name="space">What is searched; the caller holds its memory.</param>
    /// <param name="mask">What may be returned; null for everything.</param>
    public EntryRuns(SearchSpace space, EntryMask? mask)
    {
        var codes = space.Items.Codes;
        _space = space;
        _mask = mask;
        _places = codes.Partitions.Pointer(0, codes.PartitionCount);
        _subspaces = codes.Subspaces;
        _codes = codes.Codes.Pointer(0, codes.BlockCount * _subspaces * PackedLookup.RowBytes);
        _scales = codes.Scales.Pointer(0, codes.BlockCount * PackedLookup.BlockItems);
        _spilled = codes.HasSpilled ? codes.SpilledPositions.Pointer(0, codes.SpilledPositions.Length) : null;
    }

    /// <summary>Goes to a partition, before its first run.</summary>
    public void Begin(int partition)
    {
        _place = _places[partition];
        _words = _mask == null ? null : _mask.Words(partition);
        _first = 0;
        if (_space.Changes is { } changes)
        {
            _added = changes.Codes.Blocks(partition).GetEnumerator();
        }
    }

    /// <summary>The next run of the partition. It is valid until this is called again.</summary>
    /// <returns>False when there is none.</returns>
    public bool Next(EntryRun* run)
    {
        if (_first < _place.Count)
        {
            var block = _place.FirstBlock + (_first / PackedLookup.BlockItems);
            var first = (long)block * PackedLookup.BlockItems;
            run->Packed.Codes = _codes + ((long)block * _subspaces * PackedLookup.RowBytes);
            run->Packed.Scales = _scales + first;
            run->Packed.Allowed = _words == null ? null : _words + (_first / 64);
            run->Packed.Rows = _subspaces;
            run->Packed.Count = Math.Min(_place.Count - _first, Shortlist.GreatestBatch);
            run->Unit = _place.ScaleUnit;
            run->FirstPosition = _place.FirstPosition + _first;
            run->Positions = _spilled == null ? null : _spilled + first;
            _first += Shortlist.GreatestBatch;
            return true;
        }

        return _space.Changes is not null && NextAdded(run);
    }

    private bool NextAdded(EntryRun* run)
    {
        while (_added.MoveNext())
        {
            var (block, count) = _added.Current;
            var words = _mask == null ? null : _mask.AddedWords(block, count);
            if (words == null || (words[0] | words[1]) != 0)
            {
                _space.Changes!.Codes.Describe(block, count, run);
                run->Packed.Allowed = words;
                return true;
            }
        }

        return false;
    }
}
