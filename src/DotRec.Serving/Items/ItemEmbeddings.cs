namespace DotRec.Serving;

/// <summary>What the item model makes of the features of several items.</summary>
public sealed class ItemEmbeddings
{
    internal ItemEmbeddings(float[] values, IReadOnlyList<int> unknownItems) => (Values, UnknownItems) = (values, unknownItems);

    /// <summary>The embeddings, shape [rows, D], row-major.</summary>
    public float[] Values { get; }

    /// <summary>Rows whose id training did not know, rising: see <see cref="ItemEmbedding.IsUnknownItem"/>. Empty for a model that does not read the id.</summary>
    public IReadOnlyList<int> UnknownItems { get; }
}
