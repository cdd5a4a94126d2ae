namespace DotRec.Indexing;

/// <summary>
/// What a build makes of the items, unpacked: partitions, and for each item a code and a scale, x ≈ centroid + scale · decoded code.
/// Nothing here knows about layouts for SIMD.
/// </summary>
/// <remarks>Axes: N items, D the coded width (one more than the embeddings' under <see cref="Lift"/>), P partitions, M = ⌈D/2⌉ blocks.</remarks>
internal sealed class QuantizedItems
{
    /// <summary>Codewords a block: 4 bits a code.</summary>
    public const int Codewords = 16;

    /// <summary>Dimensions a block; the last block of an odd width is padded with zeros.</summary>
    public const int BlockWidth = 2;

    /// <summary>N.</summary>
    public required int Count { get; init; }

    /// <summary>D, the width of what is coded and of the queries that score it.</summary>
    public required int Dimension { get; init; }

    /// <summary>P: 0 without items, else 1 to N.</summary>
    public required int PartitionCount { get; init; }

    /// <summary>M.</summary>
    public int BlockCount => BlocksOf(Dimension);

    /// <summary>[P, D]: routing scores against these, and residuals are taken from them.</summary>
    public required float[] Centroids { get; init; }

    /// <summary>[N]: the partition of each item.</summary>
    public required int[] Partition { get; init; }

    /// <summary>[M, 16, 2]: codewords of the unit-length residual.</summary>
    public required float[] Codebook { get; init; }

    /// <summary>[N, M]: codewords 0 … 15.</summary>
    public required byte[] Codes { get; init; }

    /// <summary>[N]: never NaN; 0 for an item on its centroid; negative only when the code points away from the residual.</summary>
    public required float[] Scales { get; init; }

    /// <summary>The second copy of each item in another partition, or null without spilling.</summary>
    public SpilledItems? Spilled { get; init; }

    /// <summary>How squared distances were turned into inner products; null for inner products and cosines.</summary>
    public L2Lift? Lift { get; init; }

    /// <summary>M for a width.</summary>
    public static int BlocksOf(int dimension) => (dimension + BlockWidth - 1) / BlockWidth;
}

/// <summary>Second assignments (SOAR): item i is also in <see cref="Partition"/>[i], or nowhere else where that is −1.</summary>
/// <param name="Partition">[N], or −1.</param>
/// <param name="Codes">[N, M], of the residual from the second centroid.</param>
/// <param name="Scales">[N].</param>
internal sealed record SpilledItems(int[] Partition, byte[] Codes, float[] Scales);
