namespace DotRec.Indexing.Tests;

/// <summary>What a build made, with the codes of all items in row order, to be looked at.</summary>
internal sealed class CodedItems
{
    public CodedItems(QuantizedItems items)
    {
        (Count, Dimension, PartitionCount, BlockCount) = (items.Count, items.Dimension, items.PartitionCount, items.BlockCount);
        (Centroids, Codebook, Lift) = (items.Centroids, items.Codebook, items.Lift);
        Items = new Assignment(items, items.Members);
        Spilled = items.Spilled is { } spilled ? new Assignment(items, spilled) : null;
    }

    public int Count { get; }

    public int Dimension { get; }

    public int PartitionCount { get; }

    public int BlockCount { get; }

    public float[] Centroids { get; }

    public float[] Codebook { get; }

    public L2Lift? Lift { get; }

    public Assignment Items { get; }

    public Assignment? Spilled { get; }

    public int[] Partition => Items.Partition;

    public byte[] Codes => Items.Codes;

    public float[] Scales => Items.Scales;

    /// <summary>[N], [N, M] and [N]: the partition of each row, its codes there and its scale; −1 where it is in none.</summary>
    internal sealed class Assignment
    {
        public Assignment(QuantizedItems items, PartitionMembers members)
        {
            var blocks = items.BlockCount;
            Partition = Enumerable.Repeat(-1, items.Count).ToArray();
            (Codes, Scales) = (new byte[items.Count * blocks], new float[items.Count]);
            for (var partition = 0; partition < members.PartitionCount; partition++)
            {
                var rows = members[partition];
                var (codes, scales) = (new byte[rows.Length * blocks], new float[rows.Length]);
                items.Encode(partition, rows, codes, scales);
                for (var i = 0; i < rows.Length; i++)
                {
                    Partition[rows[i]] = partition;
                    Scales[rows[i]] = scales[i];
                    codes.AsSpan(i * blocks, blocks).CopyTo(Codes.AsSpan(rows[i] * blocks));
                }
            }
        }

        public int[] Partition { get; }

        public byte[] Codes { get; }

        public float[] Scales { get; }
    }
}
