using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <content>Items that come, change and go while the recommender answers.</content>
public sealed partial class Recommender
{
    /// <summary>
    /// Adds items, or replaces those with their ids, by raw features: the item model embeds them. All of them are there at the same moment, for calls that
    /// begin after this one returns.
    /// </summary>
    /// <param name="items">
    /// Objects with a property for the id, for each of <see cref="ItemFeatures"/>, and for the item columns; matched by name as queries are. A column no
    /// property is for keeps its values, and has missing ones for new items. The same id twice is an error.
    /// </param>
    /// <inheritdoc cref="UpsertItems(FeatureBatch)"/>
    public IReadOnlyList<ItemId> UpsertItems<TItem>(IEnumerable<TItem> items)
        where TItem : notnull => UpsertItems(FeatureBatch.From(items));

    /// <inheritdoc cref="UpsertItems{TItem}(IEnumerable{TItem})"/>
    /// <param name="items">A column for the id, for each of <see cref="ItemFeatures"/>, and for the item columns.</param>
    /// <returns>Those of the ids that the item model does not know: these items are where their other features put them.</returns>
    /// <exception cref="InvalidOperationException">The recommender has no item model, or an index of its own kind that cannot change.</exception>
    /// <exception cref="ArgumentException">
    /// A column is missing or holds other values, an id is given twice, an embedding is not finite, or the item model reads the id alone and does not know one:
    /// all unknown items would stand in one place. Nothing is changed.
    /// </exception>
    public IReadOnlyList<ItemId> UpsertItems(FeatureBatch items)
    {
        ArgumentNullException.ThrowIfNull(items);
        using var use = _lifetime.Enter();
        using var request = ServingTelemetry.Begin("upsert_items");
        try
        {
            var ids = _items.IdsOf(items);
            var embedded = ItemModel.EmbedToKeep(items);
            _items.Upsert(ids, embedded.Values, items);
            request.Answered(items.RowCount, 0);
            return [.. embedded.UnknownItems.Select(row => ids[row])];
        }
        catch (Exception exception) when (request.Fails(exception))
        {
            throw;
        }
    }

    /// <summary>Adds items, or replaces those with these ids, by their embeddings.</summary>
    /// <param name="ids">Ids of the index's type, each once.</param>
    /// <param name="embeddings">Shape [ids, D].</param>
    /// <param name="columns">Values for item columns, a row an id; those not given keep their values, and are missing for new items. Null for none.</param>
    /// <exception cref="InvalidOperationException">The index is of a kind that cannot change.</exception>
    /// <exception cref="ArgumentException">An id has another type or is given twice, an embedding has another width or is not finite, a column does not fit. Nothing is changed.</exception>
    public void UpsertItems(IReadOnlyList<ItemId> ids, ReadOnlySpan<float> embeddings, FeatureBatch? columns = null)
    {
        ArgumentNullException.ThrowIfNull(ids);
        using var use = _lifetime.Enter();
        using var request = ServingTelemetry.Begin("upsert_items");
        try
        {
            _items.Upsert(ids, embeddings, columns);
            request.Answered(ids.Count, 0);
        }
        catch (Exception exception) when (request.Fails(exception))
        {
            throw;
        }
    }

    /// <summary>Deletes items, all at the same moment, for calls that begin after this one returns; ids there are none of are ignored.</summary>
    /// <returns>How many were deleted.</returns>
    /// <exception cref="InvalidOperationException">The index is of a kind that cannot change.</exception>
    /// <exception cref="ArgumentException">An id has another type.</exception>
    public int DeleteItems(params IReadOnlyCollection<ItemId> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        using var use = _lifetime.Enter();
        using var request = ServingTelemetry.Begin("delete_items");
        try
        {
            var deleted = _items.Delete(ids);
            request.Answered(ids.Count, 0);
            return deleted;
        }
        catch (Exception exception) when (request.Fails(exception))
        {
            throw;
        }
    }
}
