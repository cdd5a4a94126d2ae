using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>Embeddings of items: a row of a table each, and, where features are known, the mean of the embeddings of each feature's values added to it.</summary>
internal sealed class ItemEmbedding(Parameter table, IReadOnlyList<(Parameter Table, ItemFeature Feature)> features)
{
    private const int BlockItems = 1 << 14;

    private readonly int[] _all = [.. Enumerable.Range(0, table.Value.Shape[0])];

    /// <summary>N.</summary>
    public int ItemCount => _all.Length;

    /// <summary>D.</summary>
    public int Dimension => table.Value.Shape[1];

    /// <summary>The embeddings of items, [items, D].</summary>
    public Tensor Of(int[] items)
    {
        var embeddings = table.Value.Gather(new Indices(items));
        foreach (var (values, feature) in features)
        {
            embeddings += values.Value.GatherMean(feature.Of(items));
        }

        return embeddings;
    }

    /// <summary>The embeddings of the whole catalogue, [N, D].</summary>
    public Tensor OfAll() => Of(_all);

    /// <summary>Their values, outside a step: the table itself where there are no features.</summary>
    public ReadOnlySpan<float> Values()
    {
        if (features.Count == 0)
        {
            return table.Value.Values;
        }

        var values = new float[ItemCount * Dimension];
        using var gradients = Gradients.Off();
        for (var first = 0; first < ItemCount; first += BlockItems)
        {
            using var scope = TensorScope.Begin();
            var items = _all[first..Math.Min(ItemCount, first + BlockItems)];
            Of(items).Values.CopyTo(values.AsSpan(first * Dimension));
        }

        return values;
    }
}
