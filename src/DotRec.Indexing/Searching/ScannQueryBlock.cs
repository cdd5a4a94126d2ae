namespace DotRec.Indexing;

/// <summary>The queries that a thread answers together, kept from batch to batch.</summary>
internal sealed class ScannQueryBlock
{
    [ThreadStatic]
    private static ScannQueryBlock? t_idle;

    private ScannQuery[] _queries = [];

    /// <summary>What the queries may return.</summary>
    public EntryMask Mask { get; } = new();

    public ScannQuery this[int index] => _queries[index];

    /// <summary>A block of at least so many queries.</summary>
    public static ScannQueryBlock Rent(int count)
    {
        var block = t_idle ?? new ScannQueryBlock();
        t_idle = null;
        var had = block._queries.Length;
        if (had < count)
        {
            Array.Resize(ref block._queries, count);
            for (var i = had; i < count; i++)
            {
                block._queries[i] = new ScannQuery();
            }
        }

        return block;
    }

    /// <summary>The first queries of the block.</summary>
    public ReadOnlySpan<ScannQuery> Queries(int count) => _queries.AsSpan(0, count);

    /// <summary>Gives the block back; without it (after an exception) the next batch makes a new one.</summary>
    public void Return()
    {
        Mask.Release();
        foreach (var query in _queries)
        {
            if (!query.TryRelease())
            {
                return;
            }
        }

        t_idle = this;
    }
}
