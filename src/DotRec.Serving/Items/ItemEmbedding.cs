namespace DotRec.Serving;

/// <summary>What the item model makes of an item's features.</summary>
public sealed class ItemEmbedding
{
    internal ItemEmbedding(float[] values, bool isUnknownItem) => (Values, IsUnknownItem) = (values, isUnknownItem);

    /// <summary>The embedding, shape [D].</summary>
    public float[] Values { get; }

    /// <summary>
    /// True when training did not know the item's id: the embedding says what the other features say, and of a model that reads the id alone nothing, for all
    /// unknown items have the same one. False also for a model that does not read the id.
    /// </summary>
    public bool IsUnknownItem { get; }
}
