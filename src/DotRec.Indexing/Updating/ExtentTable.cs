using System.Runtime.CompilerServices;

namespace DotRec.Indexing;

/// <summary>The extent of each partition that has one. Immutable; a change copies only the pages it is on.</summary>
/// <param name="pages">Pages; null, or behind the end: no partition there has any.</param>
internal sealed class ExtentTable(ExtentTable.Page?[] pages)
{
    private const int PagePartitions = 64;

    /// <summary>No extents.</summary>
    public static ExtentTable None { get; } = new([]);

    /// <summary>The extent of a partition, or null.</summary>
    public PartitionExtent? this[int partition] => PageOf(partition)?.Extents[partition % PagePartitions];

    /// <summary>The run of a partition for which that tells everything; of 0 entries where it does not.</summary>
    public ref readonly EntryRun Plain(int partition)
    {
        var page = PageOf(partition);
        return ref page is null ? ref Unsafe.AsRef(in Page.NoRun) : ref page.Runs[partition % PagePartitions];
    }

    /// <summary>The table with other extents for some partitions.</summary>
    public ExtentTable With(IReadOnlyDictionary<int, PartitionExtent?> changes)
    {
        if (changes.Count == 0)
        {
            return this;
        }

        var changed = new Page?[Math.Max(pages.Length, (changes.Keys.Max() / PagePartitions) + 1)];
        pages.CopyTo(changed, 0);
        foreach (var (partition, extent) in changes)
        {
            ref var page = ref changed[partition / PagePartitions];
            if (page is null || ReferenceEquals(page, PageOf(partition)))
            {
                page = page is null ? new Page() : page.Copy();
            }

            page.Set(partition % PagePartitions, extent);
        }

        return new ExtentTable(changed);
    }

    private Page? PageOf(int partition) => partition / PagePartitions < pages.Length ? pages[partition / PagePartitions] : null;

    /// <summary>
    /// The extents of some partitions. Runs are kept beside them, so that a search without filter needs not follow references to them for most
    /// partitions.
    /// </summary>
    internal sealed class Page
    {
        public static readonly EntryRun NoRun;

        public EntryRun[] Runs { get; private init; } = new EntryRun[PagePartitions];

        public PartitionExtent?[] Extents { get; private init; } = new PartitionExtent?[PagePartitions];

        public Page Copy() => new() { Runs = (EntryRun[])Runs.Clone(), Extents = (PartitionExtent?[])Extents.Clone() };

        public unsafe void Set(int at, PartitionExtent? extent)
        {
            Extents[at] = extent;
            EntryRun run = default;
            if (extent is { ReplacesIndex: true, DeadCount: 0, Farther: null, Count: <= Shortlist.MaxBatch })
            {
                extent.Describe(0, &run);
            }

            Runs[at] = run;
        }
    }
}
