using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Gives items that were not there when an index was built a partition and a code, with the centroids and codewords that it has.</summary>
internal sealed class EntryCoder
{
    private const int RowsAPart = 64;

    private readonly ScannSnapshot _snapshot;
    private readonly float[] _centroids;
    private readonly CentroidPanels _panels;
    private readonly ResidualEncoder _encoder;

    /// <param name="snapshot">The index, of at least one partition; the caller holds its memory during every call.</param>
    /// <param name="encodingEta">η of the codes.</param>
    public EntryCoder(ScannSnapshot snapshot, float encodingEta)
    {
        _snapshot = snapshot;
        var (form, centroids) = (snapshot.Form, snapshot.Router.Centroids);
        var (dimension, plain) = (form.Dimension, form.PlainDimension);
        _centroids = new float[centroids.Count * dimension];
        var points = new float[centroids.Count * plain];
        for (var partition = 0; partition < centroids.Count; partition++)
        {
            var centroid = _centroids.AsSpan(partition * dimension, dimension);
            centroids.CopyRow(partition, centroid);
            centroid[..plain].CopyTo(points.AsSpan(partition * plain));
        }

        _panels = CentroidPanels.Pack(points, plain);
        _encoder = new ResidualEncoder(snapshot.Tables.ToCodebook(), dimension, encodingEta, form.HasNearQueries, snapshot.Tables.Width);
    }

    /// <summary>Codes items, in parallel.</summary>
    /// <param name="embeddings">[count, D].</param>
    /// <param name="count">Items.</param>
    public CodedEntries Code(float[] embeddings, int count)
    {
        var coded = new CodedEntries(new int[count], new byte[count * _snapshot.Codes.Subspaces], new float[count]);
        Parallelism.ForRanges(count, RowsAPart, (start, end) => Code(embeddings, start, end, coded));
        return coded;
    }

    private void Code(float[] embeddings, int start, int end, CodedEntries coded)
    {
        var (width, form, subspaces) = (_snapshot.Dimension, _snapshot.Form, _snapshot.Codes.Subspaces);
        var (dimension, plain, count) = (form.Dimension, form.PlainDimension, end - start);
        var block = ScratchPool.Rent(count * ((2L * dimension) + plain + 1));
        var items = block.AsSpan(0, count * dimension);
        var residuals = block.AsSpan(items.Length, items.Length);
        var points = block.AsSpan(2 * items.Length, count * plain);
        for (var i = 0; i < count; i++)
        {
            var item = items.Slice(i * dimension, dimension);
            form.OfItem(embeddings.AsSpan((start + i) * width, width), item);
            item[..plain].CopyTo(points[(i * plain)..]);
        }

        var partitions = coded.Partitions.AsSpan(start, count);
        NearestCentroid.Find(_panels, points, partitions, block.AsSpan((2 * items.Length) + points.Length, count));
        for (var i = 0; i < count; i++)
        {
            var item = items.Slice(i * dimension, dimension);
            TensorPrimitives.Subtract(item, _centroids.AsSpan(partitions[i] * dimension, dimension), residuals.Slice(i * dimension, dimension));
            form.ToQuery(item);
        }

        _encoder.Encode(items, residuals, coded.Codes.AsSpan(start * subspaces, count * subspaces), coded.Scales.AsSpan(start, count));
        ScratchPool.Return(block);
    }
}
