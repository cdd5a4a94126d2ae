using DotRec.Data;

namespace DotRec.Serving;

/// <summary>Some queries on their way: their raw features, and what is made of them to search with. Used by one thread at a time, then pooled.</summary>
internal abstract class QueryCall(ColumnBuffer[] features) : IDisposable
{
    /// <summary>Buffers in the order of the features of <see cref="ModelSignature"/>.</summary>
    public ColumnBuffer[] Features => features;

    /// <summary>Rows added since <see cref="Clear"/>.</summary>
    public int RowCount => features[0].RowCount;

    public void Clear()
    {
        foreach (var feature in features)
        {
            feature.Clear();
        }
    }

    /// <summary>Makes what is searched with of the rows added since <see cref="Clear"/>; at least one.</summary>
    public abstract void Run();

    public abstract void Dispose();
}
