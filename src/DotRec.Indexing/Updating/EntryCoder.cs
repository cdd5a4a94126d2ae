using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Gives items that were not there when an index was built a partition and a code, with the centroids and codewords that it has.</summary>
internal sealed class EntryCoder
{
    private const int RowsAPart = 64;

    private readonly ScannSnapshot _snapshot;
    private readonly int _dimension;
    private readonly float[] _centroids;
    private readonly CentroidPanels _panels;
    private readonly ResidualEncoder _encoder;

    /// <param name="snapshot">The index, of at least one partition; the caller holds its memory during every call.</param>
    /// <param name="encodingEta">η of the codes.</param>
    public EntryCoder(ScannSnapshot snapshot, float encodingEta)
    {
        _snapshot = snapshot;
        var centroids = snapshot.Router.Centroids;
        _dimension = centroids.Dimension;
        _centroids = new float[centroids.Count * _dimension];
        for (var partition = 0; partition < centroids.Count; partition++)
        {
            centroids.CopyRow(partition, _centroids.AsSpan(partition * _dimension, _dimension));
        }

        _panels = CentroidPanels.Pack(_centroids, _dimension);
        _encoder = new ResidualEncoder(snapshot.Tables.ToCodebook(), _dimension, encodingEta);
    }

    /// <summary>Codes rows, in parallel.</summary>
    /// <param name="embeddings">[count, D].</param>
    /// <param name="count">Rows.</param>
    public CodedEntries Code(float[] embeddings, int count)
    {
        var width = _snapshot.Dimension;
        var subspaces = _snapshot.Codes.Subspaces;
        var coded = new CodedEntries(new int[count], new byte[count * subspaces], new float[count]);
        Parallelism.ForRanges(count, RowsAPart, (start, end) =>
        {
            var (rows, length) = (end - start, (end - start) * _dimension);
            var block = ScratchPool.Rent((2L * length) + rows);
            var items = block.AsSpan(0, length);
            var residuals = block.AsSpan(length, length);
            for (var i = 0; i < rows; i++)
            {
                CodedRows.Code(embeddings.AsSpan((start + i) * width, width), _snapshot.ScoreFunction, _snapshot.Lift, items.Slice(i * _dimension, _dimension));
            }

            var partitions = coded.Partitions.AsSpan(start, rows);
            NearestCentroid.Find(_panels, items, partitions, block.AsSpan(2 * length, rows));
            for (var i = 0; i < rows; i++)
            {
                TensorPrimitives.Subtract(
                    items.Slice(i * _dimension, _dimension), _centroids.AsSpan(partitions[i] * _dimension, _dimension), residuals.Slice(i * _dimension, _dimension));
            }

            _encoder.Encode(items, residuals, coded.Codes.AsSpan(start * subspaces, rows * subspaces), coded.Scales.AsSpan(start, rows));
            ScratchPool.Return(block);
        });
        return coded;
    }
}
