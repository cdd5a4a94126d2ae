namespace DotRec.Indexing;

/// <summary>Items as an index codes them.</summary>
/// <param name="Partitions">[n]: the partition of each.</param>
/// <param name="Codes">[n, M].</param>
/// <param name="Scales">[n].</param>
internal sealed record CodedEntries(int[] Partitions, byte[] Codes, float[] Scales)
{
    public int Count => Partitions.Length;
}
