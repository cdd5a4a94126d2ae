using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// How far a search goes when not everything may be returned: on from the best partitions until as many allowed entries are on its way as it needs,
/// or to every allowed item where that is cheaper.
/// </summary>
/// <remarks>Costs are bytes read, not time, so that the same search goes the same way on every machine: docs/decisions/0016-search-under-filters.md.</remarks>
internal readonly struct SearchPlan
{
    // The fewer items are allowed, the farther from the query the best of them are: a share p of the entries that an unrestricted search scans
    // would be p; p to this power holds the recall.
    private static readonly double Reach = double.Parse(Environment.GetEnvironmentVariable("DOTREC_X") ?? "0.5", System.Globalization.CultureInfo.InvariantCulture);

    // A candidate's row comes from anywhere in memory, and its arithmetic is not for free: a byte of it counts as so many of a scan.
    private const double RandomReadCost = 4;

    private readonly SearchSpace _space;
    private readonly SearchEffort _effort;
    private readonly int _least;
    private readonly double _share;
    private readonly double _directCost;
    private readonly double _entryCost;
    private readonly double _rescoringCost;

    /// <param name="space">What is searched.</param>
    /// <param name="effort">How far a search goes that nothing restricts.</param>
    /// <param name="k">Candidates asked for.</param>
    /// <param name="filter">Items that may be returned, or null.</param>
    public SearchPlan(SearchSpace space, SearchEffort effort, int k, ItemFilter? filter)
    {
        var codes = space.Items.Codes;
        _space = space;
        _effort = effort;

        // Of a spilled item both entries may be met.
        _least = (int)Math.Min(int.MaxValue, (codes.HasSpilled ? 2L : 1) * k);
        var allowed = filter?.CountAllowed(space.RowCount) ?? space.AliveCount;
        _share = Math.Min(1, (double)Math.Min(allowed, space.AliveCount) / Math.Max(1, space.Items.Count));
        var rowCost = RandomReadCost * space.Items.Dimension * space.Items.Rows.Format.ByteWidth();
        _entryCost = (codes.Subspaces / 2.0) + sizeof(short);
        _rescoringCost = effort.Rescoring * rowCost;
        _directCost = filter is null ? double.PositiveInfinity : allowed * rowCost;
        var entries = (double)effort.Partitions * codes.BlockCount * PackedLookup.BlockItems / Math.Max(1, codes.PartitionCount);

        // What a scan would cost if the allowed items were anywhere.
        IsDirectAtOnce = _directCost <= _rescoringCost + (entries * Math.Pow(Math.Max(_share, 1e-9), Reach - 1) * _entryCost);
    }

    /// <summary>Whether it is clear, before any partition is looked at, that scoring every allowed item is cheaper.</summary>
    public bool IsDirectAtOnce { get; }

    /// <summary>Takes partitions until enough allowed entries are on the route.</summary>
    /// <param name="route">The route, empty.</param>
    /// <param name="mask">What may be returned.</param>
    /// <param name="excludedByPartition">Excluded items of each partition, or null.</param>
    /// <param name="excludedCount">Excluded items.</param>
    /// <returns>True when it turned out that scoring every allowed item is cheaper.</returns>
    public bool Extend(PartitionRoute route, EntryMask mask, int[]? excludedByPartition, int excludedCount)
    {
        route.Take(_effort.Partitions);
        var (entries, plain) = CountEntries(route, 0);
        if (mask.IsOpen && excludedByPartition is null)
        {
            while (entries < _least && route.Take(route.Count))
            {
                entries = CountEntries(route, 0).All;
            }

            return false;
        }

        var target = Math.Max(_least, plain * Math.Pow(_share, Reach));
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
                break;
            }
        }

        (entries, _) = CountEntries(route, 0);
        if (_directCost > _rescoringCost + (entries * _entryCost))
        {
            return false;
        }

        return true;
    }

    // Entries on the route, and those of them that an index without changes has.
    private (long All, long Items) CountEntries(PartitionRoute route, int from)
    {
        var places = _space.Items.Codes.Partitions;
        var (all, items) = (0L, 0L);
        for (; from < route.Count; from++)
        {
            var partition = route.Partitions[from];
            items += places[partition].Count;
            if (_space.Changes is { } changes)
            {
                foreach (var (_, count) in changes.Codes.Blocks(partition))
                {
                    all += count;
                }
            }
        }

        return (all + items, items);
    }
}
