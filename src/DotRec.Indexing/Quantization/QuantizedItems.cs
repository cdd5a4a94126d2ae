using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// What a build makes of the items: partitions, and codewords by which each item gets a code and a scale, x ≈ centroid + scale · decoded code.
/// Codes are made when they are asked for: an unpacked copy of all of them is never held. Nothing here knows about layouts for SIMD.
/// </summary>
/// <remarks>Axes: N items, D the coded width (one more than the embeddings' under <see cref="Lift"/>), P partitions, M = ⌈D / width⌉ blocks.</remarks>
internal sealed class QuantizedItems : IDisposable
{
    /// <summary>Codewords a block: 4 bits a code.</summary>
    public const int Codewords = 16;

    /// <summary>Fewest dimensions a block.</summary>
    public const int MinBlockWidth = 2;

    /// <summary>Most dimensions a block.</summary>
    public const int MaxBlockWidth = 4;

    private readonly CodedRows _rows;
    private readonly Residuals _residuals;
    private readonly IResidualEncoder _encoder;

    /// <param name="rows">The items, held by the caller as long as codes are asked for.</param>
    /// <param name="centroids">[P, D].</param>
    /// <param name="members">The items of each partition.</param>
    /// <param name="spilled">The second copies of each partition, or null without spilling.</param>
    /// <param name="codebook">[M, 16, <paramref name="blockWidth"/>].</param>
    /// <param name="encoder">Chooses codes and scales.</param>
    /// <param name="blockWidth">Dimensions a block.</param>
    public QuantizedItems(
        CodedRows rows, float[] centroids, PartitionMembers members, PartitionMembers? spilled, float[] codebook, IResidualEncoder encoder,
        int blockWidth = MinBlockWidth)
    {
        _rows = rows;
        _residuals = new Residuals(rows, centroids);
        _encoder = encoder;
        Centroids = centroids;
        Members = members;
        Spilled = spilled;
        Codebook = codebook;
        BlockWidth = blockWidth;
    }

    /// <summary>N.</summary>
    public int Count => _rows.Count;

    /// <summary>D, the width of what is coded and of the queries that score it.</summary>
    public int Dimension => _rows.Dimension;

    /// <summary>P: 0 without items, else 1 to N.</summary>
    public int PartitionCount => Members.PartitionCount;

    /// <summary>M.</summary>
    public int BlockCount => BlocksOf(Dimension, BlockWidth);

    /// <summary>Dimensions a block; the last block is padded with zeros.</summary>
    public int BlockWidth { get; }

    /// <summary>[P, D]: routing scores against these, and residuals are taken from them.</summary>
    public float[] Centroids { get; }

    /// <summary>The items of each partition, none of which is empty.</summary>
    public PartitionMembers Members { get; }

    /// <summary>Second assignments (SOAR): the items that are also in each partition, at most one other each; null without spilling.</summary>
    public PartitionMembers? Spilled { get; }

    /// <summary>[M, 16, width]: codewords of the unit-length residual.</summary>
    public float[] Codebook { get; }

    /// <summary>How the items were brought into the form that is coded.</summary>
    public CodedForm Form => _rows.Form;

    /// <summary>How squared distances were turned into inner products; null for inner products and cosines.</summary>
    public L2Lift? Lift => _rows.Lift;

    /// <summary>M for a width.</summary>
    public static int BlocksOf(int dimension, int width = MinBlockWidth) => (dimension + width - 1) / width;

    /// <summary>Codes items of one partition; what an item gets does not depend on the others.</summary>
    /// <param name="partition">The partition, from whose centroid residuals are taken.</param>
    /// <param name="rows">Rows of the items, some hundred at most.</param>
    /// <param name="codes">[rows, M], written: codewords 0 … 15.</param>
    /// <param name="scales">[rows], written: never NaN, 0 or more; 0 for an item on its centroid.</param>
    public void Encode(int partition, ReadOnlySpan<int> rows, Span<byte> codes, Span<float> scales)
    {
        var length = rows.Length * Dimension;
        var block = ScratchPool.Rent(2L * length);
        var items = block.AsSpan(0, length);
        var residuals = block.AsSpan(length, length);
        for (var i = 0; i < rows.Length; i++)
        {
            _residuals.Copy(rows[i], partition, items.Slice(i * Dimension, Dimension), residuals.Slice(i * Dimension, Dimension));
            Form.ToQuery(items.Slice(i * Dimension, Dimension));
        }

        _encoder.Encode(items, residuals, codes, scales);
        ScratchPool.Return(block);
    }

    /// <summary>Rounds the projected items, in the order of positions.</summary>
    public RefiningRows PackRefining(Section<byte> values) => RefiningRows.Pack(_rows, Members.Rows, values);

    /// <summary>Gives back what coding needed; no more codes can be asked for.</summary>
    public void Dispose() => _rows.Dispose();
}
