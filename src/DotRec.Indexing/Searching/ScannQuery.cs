using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// One query of an approximate index on its way through the stages, on one thread: vector → route → scan → rescore. Reused:
/// <see cref="Rent"/> and <see cref="Return"/> keep one a thread, so that a warm search allocates nothing.
/// </summary>
internal sealed unsafe class ScannQuery
{
    [ThreadStatic]
    private static ScannQuery? t_idle;

    private readonly RowSet _excluded = new();
    private readonly Rescorer _rescorer = new();
    private SearchSpace _space = null!;
    private SearchPlan _plan;
    private int _excludedCount;

    // [P]: excluded items of each partition; all 0 between queries.
    private int[] _excludedByPartition = [];
    private PinnedBuffer<int> _excludedPositions;

    public QueryVector Vector { get; } = new();

    public PartitionRoute Route { get; } = new();

    public CodeScan Scan { get; } = new();

    /// <summary>Whether all allowed items are to be scored one by one.</summary>
    public bool IsDirect => _plan.IsDirect;

    /// <summary>Positions that may not be returned, or null.</summary>
    public RowSet? Excluded => _excludedCount > 0 ? _excluded : null;

    /// <summary>A query to fill; <see cref="Return"/> keeps one a thread.</summary>
    public static ScannQuery Rent()
    {
        var query = t_idle ?? new ScannQuery();
        t_idle = null;
        return query;
    }

    /// <summary>Gives the query back; without it (after an exception) the next search makes a new one.</summary>
    public void Return()
    {
        if (TryRelease())
        {
            t_idle = this;
        }
    }

    /// <summary>Lets go of what was searched. False when the query has grown too large to be kept.</summary>
    public bool TryRelease()
    {
        _space = null!;
        return _rescorer.IsSmall;
    }

    /// <summary>Takes a query in.</summary>
    /// <param name="space">What will be searched; the caller holds its memory.</param>
    /// <param name="vector">[D].</param>
    /// <param name="number">Its number in the batch, or −1, for messages.</param>
    /// <param name="excludedRows">Rows it may not return.</param>
    public void Begin(SearchSpace space, ReadOnlySpan<float> vector, int number, ReadOnlySpan<int> excludedRows)
    {
        _space = space;
        Vector.Set(space.Items, vector, number);
        Exclude(excludedRows);
    }

    /// <summary>Chooses the partitions to scan first, or to score all allowed items one by one instead.</summary>
    /// <param name="effort">How far to go.</param>
    /// <param name="k">Candidates asked for.</param>
    /// <param name="filter">Items that may be returned, or null.</param>
    /// <param name="mask">The entries that may be.</param>
    public void Plan<TPanel>(SearchEffort effort, int k, ItemFilter? filter, EntryMask mask)
        where TPanel : struct, IPanelKernel
    {
        _plan = new SearchPlan(_space, effort, k, filter, _excludedCount);
        if (!_plan.IsDirect)
        {
            Route.Begin<TPanel>(_space.Items.Router, Vector.Coded);
            if (_excludedCount > 0 && !effort.Margins.AreKnown)
            {
                CountExcluded(1);
                _plan.Begin(Route, mask, _excludedByPartition);
                CountExcluded(-1);
            }
            else
            {
                // Margins tell by what is found: nothing is counted beforehand.
                _plan.Begin(Route, mask, null);
            }
        }
    }

    /// <summary>Makes the lookup tables and empties the shortlist.</summary>
    public void PrepareScan() => Scan.Begin(_space.Items, Vector.Coded, _plan.Rescoring);

    /// <summary>Looks at what was found on the route, and goes on where that is not enough.</summary>
    /// <param name="from">Where on the route the scan goes on.</param>
    /// <returns>False when the scan has ended.</returns>
    public bool GoOn(out int from) => _plan.GoOn(Route, Scan, _rescorer, Vector, out from);

    /// <summary>Scores what the scan found, or all that is allowed, and writes the k best, best first.</summary>
    /// <param name="filter">Items that may be returned, or null.</param>
    /// <param name="mask">The same by entry.</param>
    /// <param name="results">[k].</param>
    /// <returns>How many there are.</returns>
    public int Rescore(ItemFilter? filter, EntryMask mask, Span<Candidate> results) => IsDirect
        ? _rescorer.RescoreAllowed(_space, Vector, filter, mask, Excluded, results)
        : RescoreList(_plan.Finish(Scan.Shortlist), filter, results);

    private int RescoreList(Span<int> shortlist, ItemFilter? filter, Span<Candidate> results) =>
        _rescorer.Rescore(_space, Vector, shortlist, _plan.RowsOf(shortlist.Length), filter, Excluded, results);

    private void Exclude(ReadOnlySpan<int> rows)
    {
        _excludedCount = 0;
        if (rows.IsEmpty)
        {
            return;
        }

        _excludedPositions.Reserve(rows.Length);
        foreach (var row in rows)
        {
            if (ItemFilter.CheckRow(row, _space.RowCount) && _space.PositionOf(row) is var position and >= 0)
            {
                _excludedPositions.Pointer[_excludedCount++] = position;
            }
        }

        // Each once: they are counted.
        _excludedCount = _excluded.Distinct(_excludedPositions.Span(_excludedCount));
    }

    private void CountExcluded(int one)
    {
        var codes = _space.Items.Codes;
        if (_excludedByPartition.Length < codes.PartitionCount)
        {
            _excludedByPartition = new int[codes.PartitionCount];
        }

        foreach (var position in _excludedPositions.Span(_excludedCount))
        {
            if (position < _space.Items.Count)
            {
                _excludedByPartition[codes.PartitionOf(position)] += one;
            }
        }
    }
}
