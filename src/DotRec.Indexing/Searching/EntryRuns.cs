using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// The runs of one partition after another: those in the index, then those that were added, or both in one. Bounds are checked once for all of them.
/// </summary>
internal unsafe struct EntryRuns
{
    private readonly AddedCodes? _added;
    private readonly EntryMask? _mask;
    private readonly bool _hasFilter;
    private readonly PackedPartition* _places;
    private readonly byte* _codes;
    private readonly short* _scales;
    private readonly int* _spilled;
    private readonly int _subspaces;
    private PackedPartition _place;
    private ulong* _words;
    private int _first;
    private bool _isPlain;
    private PartitionExtent? _extent;
    private int _firstInExtent;
    private int _partition;

    /// <param name="space">What is searched; the caller holds its memory.</param>
    /// <param name="mask">What may be returned; null for everything.</param>
    public EntryRuns(SearchSpace space, EntryMask? mask)
    {
        var codes = space.Items.Codes;
        _added = space.Changes?.Codes;
        _mask = mask;
        _hasFilter = mask is { HasFilter: true };
        _places = codes.Partitions.Pointer(0, codes.PartitionCount);
        _subspaces = codes.Subspaces;
        _codes = codes.Codes.Pointer(0, codes.BlockCount * _subspaces * PackedLookup.RowBytes);
        _scales = codes.Scales.Pointer(0, codes.BlockCount * PackedLookup.BlockItems);
        _spilled = codes.HasSpilled ? codes.SpilledPositions.Pointer(0, codes.SpilledPositions.Length) : null;
    }

    /// <summary>Goes to a partition, before its first run.</summary>
    public void Begin(int partition)
    {
        _first = 0;
        _partition = partition;
        if (_added is not null && BeginAdded(partition))
        {
            return;
        }

        _place = _places[partition];
        _words = _mask == null ? null : _mask.Words(partition);
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
            run->Packed.Count = Math.Min(_place.Count - _first, Shortlist.MaxBatch);
            run->Unit = _place.ScaleUnit;
            run->FirstPosition = _place.FirstPosition + _first;
            run->Positions = _spilled == null ? null : _spilled + first;
            run->InOrder = 0;
            _first += Shortlist.MaxBatch;
            return true;
        }

        return _added is not null && NextAdded(run);
    }

    // True where the entries that the partition has in the index are scanned in an extent.
    private bool BeginAdded(int partition)
    {
        _isPlain = !_hasFilter && _added!.Plain(partition).Packed.Count > 0;
        _extent = _isPlain ? null : _added!.Extents(partition);
        _firstInExtent = 0;
        if (!_isPlain && _extent is not { ReplacesIndex: true })
        {
            return false;
        }

        _place = default;
        return true;
    }

    private bool NextAdded(EntryRun* run)
    {
        if (_isPlain)
        {
            *run = _added!.Plain(_partition);
            _isPlain = false;
            return true;
        }

        while (_extent is not null)
        {
            if (_firstInExtent < _extent.Count)
            {
                if (_firstInExtent == 0)
                {
                    _words = _mask == null ? null : _mask.Words(_partition, _extent);
                }

                _extent.Describe(_firstInExtent, run);
                run->Packed.Allowed = _words == null ? null : _words + (_firstInExtent / 64);
                _firstInExtent += Shortlist.MaxBatch;
                return true;
            }

            _extent = _extent.Farther;
            _firstInExtent = 0;
        }

        return false;
    }
}
