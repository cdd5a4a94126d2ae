using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// How one search goes on when not everything may be returned: from the best partitions on until nothing better can be expected by the margins of
/// the calibration, or to every allowed item where that is cheaper. A search that nothing restricts goes as far as its effort says.
/// </summary>
/// <remarks>
/// Costs are bytes read, not time, so that the same search goes the same way on every machine: docs/decisions/0016-search-under-filters.md.
/// </remarks>
internal struct SearchPlan
{
    /// <summary>A candidate's row comes from anywhere in memory, and its arithmetic is not for free: a byte of it counts as so many of a scan.</summary>
    public const double RandomReadCost = 4;

    // The fewer items are allowed, the farther from the query the best of them are. Of the entries that an unrestricted search scans, a share p
    // of allowed ones would leave p; p to this power holds most of the recall where no margins are known.
    private const double Reach = 0.5;

    // And this power of it is about what margins come to, for allowed items that are anywhere.
    private const double UsualReach = 0.72;

    // Among many that score alike, more of the best lie farther from where they are expected: margins grow where the list proved too short.
    private const float DenseFactor = 1.5f;

    // By the true scores of so many times k candidates the k-th best is judged.
    private const int Proven = 4;

    // Where margins tell how far to go, the search begins with such a part of the partitions.
    private const int FirstShare = 2;

    // Of a restricted search's candidates, such a part is read whole.
    private const int RestrictedShare = 2;

    // Candidates lie denser where the best are kept out: the list is made twice as long at first, and so many times longer when it proves too short.
    private const int Widening = 8;

    private readonly SearchSpace _space;
    private readonly SearchEffort _effort;
    private readonly int _k;
    private readonly int _wanted;
    private readonly double _share;
    private readonly double _rowCost;
    private readonly double _entryCost;
    private readonly double _directCost;
    private readonly int _limit;
    private readonly bool _isRestricted;

    // The k-th best score that was found, in the unit of approximate ones.
    private float _worst;
    private float _margin;
    private float _floor;
    private bool _isWidened;

    /// <param name="space">What is searched.</param>
    /// <param name="effort">How far a search goes that nothing restricts.</param>
    /// <param name="k">Candidates asked for.</param>
    /// <param name="filter">Items that may be returned, or null.</param>
    /// <param name="excludedCount">Items that may not.</param>
    public SearchPlan(SearchSpace space, SearchEffort effort, int k, ItemFilter? filter, int excludedCount)
    {
        var codes = space.Items.Codes;
        _space = space;
        _effort = effort;
        _k = k;
        _worst = float.NegativeInfinity;
        _floor = float.NegativeInfinity;

        // Of a spilled item both entries may be met.
        _wanted = (int)Math.Min(int.MaxValue, (codes.HasSpilled ? 2L : 1) * k);
        var allowed = Math.Min(filter?.CountAllowed(space.RowCount) ?? space.AliveCount, space.AliveCount);
        _share = Math.Min(1, (double)allowed / Math.Max(1, space.Items.Count));
        _rowCost = RandomReadCost * space.Items.CandidateBytes;
        _entryCost = codes.EntryBytes;
        _directCost = allowed * RandomReadCost * space.Items.RowBytes;
        _isRestricted = filter is not null || excludedCount > 0 || space.Changes is { HasDead: true } || k > effort.K;
        _limit = Math.Clamp(space.AliveCount, 1, Shortlist.MaxCount / 2);
        Rescoring = Math.Min(effort.Rescoring, _limit);
        if (_isRestricted)
        {
            Rescoring = (int)Math.Min(Math.Max(2L * effort.Rescoring, 2L * k), _limit);

            // What a scan would cost if the allowed items were anywhere.
            var entries = (double)effort.Partitions * codes.BlockCount * PackedLookup.BlockItems / Math.Max(1, codes.PartitionCount);
            IsDirect = codes.PartitionCount == 0
                || _directCost <= (effort.Rescoring * _rowCost) + (entries * Math.Pow(Math.Max(_share, 1e-9), UsualReach - 1) * _entryCost);
        }
    }

    /// <summary>Whether every allowed item is to be scored instead: it is cheaper.</summary>
    public bool IsDirect { get; private set; }

    /// <summary>
    /// Candidates of a list whose whole rows are read where projected ones can choose: as many as the effort says, and where something restricts the
    /// answer, no less than half of those that the margins ask for. The best that are left lie denser there.
    /// </summary>
    public readonly int RowsOf(int candidates) => Math.Max(Math.Max(_effort.Rescoring, _k), _isRestricted ? (candidates + 1) / RestrictedShare : 0);

    /// <summary>Candidates to keep.</summary>
    public int Rescoring { get; private set; }

    /// <summary>Takes the partitions to begin with.</summary>
    /// <param name="route">The route, empty.</param>
    /// <param name="mask">What may be returned.</param>
    /// <param name="excludedByPartition">Excluded items of each partition, where there are any and margins are not known; or null.</param>
    public readonly void Begin(PartitionRoute route, EntryMask mask, int[]? excludedByPartition)
    {
        route.Take(_isRestricted && _effort.Margins.AreKnown ? Math.Max(1, _effort.Partitions / FirstShare) : _effort.Partitions);
        if (!_isRestricted)
        {
            // Partitions may be smaller than k; most are not, and counting them costs as much as scanning some.
            while ((long)route.Count * _space.Items.Codes.MinCount < _wanted && CountEntries(route) < _wanted && route.Take(route.Count))
            {
            }

            return;
        }

        if (_effort.Margins.AreKnown)
        {
            // More as what is found tells.
            return;
        }

        var target = Math.Max(_wanted, CountItems(route) * Math.Pow(_share, Reach));
        var allowed = 0L;
        for (var from = 0; ;)
        {
            for (; from < route.Count; from++)
            {
                var partition = route.Partitions[from];
                allowed += Math.Max(0, mask.CountAllowed(partition) - (excludedByPartition is null ? 0 : excludedByPartition[partition]));
            }

            if (allowed >= target || !route.Take(Math.Max(1, route.Count / 4)))
            {
                return;
            }
        }
    }

    /// <summary>Looks at what was found so far, and takes more partitions or keeps more candidates where that is not enough.</summary>
    /// <param name="route">The route, scanned to its end.</param>
    /// <param name="scan">What was found.</param>
    /// <param name="rescorer">Tells what the best of that are worth.</param>
    /// <param name="query">The query.</param>
    /// <param name="from">Where on the route the scan goes on; 0 after the shortlist was emptied.</param>
    /// <returns>False when the scan has ended.</returns>
    public bool GoOn(PartitionRoute route, CodeScan scan, Rescorer rescorer, QueryVector query, out int from)
    {
        var shortlist = scan.Shortlist;
        from = route.Count;
        if (!_isRestricted || IsDirect)
        {
            return false;
        }

        if (shortlist.Length < _wanted)
        {
            return route.Take(Math.Max(1, route.Count / 2));
        }

        if (!_effort.Margins.AreKnown)
        {
            return false;
        }

        // What is on the list beyond its length depends on the order in which partitions came.
        shortlist.Finish();

        // By true scores: among many that score alike, the best approximate ones are those that were taken for more than they are.
        var score = rescorer.ScoreOf(_space, query, shortlist, (int)Math.Min(int.MaxValue, (long)Proven * _wanted), _k);
        var unit = query.ErrorUnit(scan.Spread, score) * (_isWidened ? DenseFactor : 1);
        _worst = query.ToApproximate(score);

        // What is farther below matters only while fewer candidates were found than were asked for.
        _margin = _effort.Margins.Score * unit;
        _floor = Math.Min(_worst - _margin, shortlist.ScoreOf(_effort.IsGiven ? Math.Max(_wanted, _effort.Rescoring) : _wanted));
        shortlist.Raise(_floor);
        if (route.TakeFrom(_worst, _effort.Margins.Route * unit, _space.Items.Codes.Units))
        {
            IsDirect = _directCost <= (CountEntries(route) * _entryCost) + (Rescoring * _rowCost / 2);
            return !IsDirect;
        }

        var capacity = _space.Items.EntriesACandidate * Rescoring;
        if (shortlist.Length < capacity || Rescoring >= _limit || shortlist.ScoreOf(capacity) < _worst - _margin)
        {
            return false;
        }

        // Once more over the whole route, for a list with room for as many candidates as are cheaper than all that are allowed.
        IsDirect = _isWidened;
        _isWidened = true;
        Rescoring = (int)Math.Clamp(_directCost / (Widening * _rowCost), Math.Min(_limit, (long)Widening * Rescoring), _limit);
        shortlist.Restart((int)Math.Min((long)_space.Items.EntriesACandidate * Rescoring, Shortlist.MaxCount), _floor);
        from = 0;
        return !IsDirect;
    }

    /// <summary>The candidates to rescore.</summary>
    public readonly Span<int> Finish(Shortlist shortlist)
    {
        if (!_isRestricted || !_effort.Margins.AreKnown)
        {
            return shortlist.Finish();
        }

        return shortlist.FinishFrom(_floor);
    }

    // Entries on the route that an index without changes has.
    private readonly long CountItems(PartitionRoute route)
    {
        var count = 0L;
        foreach (var partition in route.Partitions)
        {
            count += _space.Items.Codes.Partitions[partition].Count;
        }

        return count;
    }

    private readonly long CountEntries(PartitionRoute route)
    {
        var all = CountItems(route);
        if (_space.Changes is { } changes)
        {
            foreach (var partition in route.Partitions)
            {
                all += changes.Codes.CountBeyondItems(partition);
            }
        }

        return all;
    }
}
