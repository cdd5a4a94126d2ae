using DotRec.Data;

namespace DotRec.Serving;

/// <summary>Embeds items by the item model, and tells which of them it does not know.</summary>
internal sealed class ItemEncoder : IDisposable
{
    private readonly ServedModel _model;
    private readonly string _itemId;
    private readonly int _known;

    /// <param name="model">The item model; this disposes it.</param>
    /// <param name="itemId">Name of the item id.</param>
    public ItemEncoder(ServedModel model, string itemId)
    {
        (_model, _itemId) = (model, itemId);
        _known = model.Signature.KnownFeatures.ToList().IndexOf(itemId);
    }

    /// <summary>What an item must have.</summary>
    public IReadOnlyList<ColumnSchema> Features => _model.Signature.Features;

    // All that such a model can say of an unknown item is that it is unknown.
    private bool ReadsIdAlone => _known >= 0 && Features.Count == 1;

    public ItemEmbedding Embed<TItem>(TItem item)
    {
        var call = _model.Rent();
        try
        {
            _model.Reader.Add(item, call.Features);
            call.Run();
            return new ItemEmbedding(call.Output.ToArray(), IsUnknown(call, 0));
        }
        finally
        {
            _model.Return(call);
        }
    }

    public ItemEmbeddings EmbedAll(FeatureBatch items)
    {
        var (unknown, first) = (new List<int>(), 0);
        var values = _model.EmbedAll(items, call =>
        {
            for (var row = 0; row < call.RowCount; row++)
            {
                if (IsUnknown(call, row))
                {
                    unknown.Add(first + row);
                }
            }

            first += call.RowCount;
        });
        return new ItemEmbeddings(values, unknown);
    }

    /// <summary>Embeddings to put into an index.</summary>
    /// <exception cref="ArgumentException">The model reads the id alone and does not know one.</exception>
    public ItemEmbeddings EmbedToKeep(FeatureBatch items)
    {
        var embedded = EmbedAll(items);
        return embedded.UnknownItems is [var row, ..] && ReadsIdAlone && items.TryGet(_itemId, out var ids)
            ? throw new ArgumentException(
                $"The item model reads '{_itemId}' alone and does not know '{ItemTable.IdOf(ids, row)}': all items it does not know would stand in one place. "
                + "Train with features of items, which embed new ones, or give the embedding: UpsertItems(ids, embeddings).",
                nameof(items))
            : embedded;
    }

    public void Dispose() => _model.Dispose();

    private bool IsUnknown(ModelCall call, int row) => _known >= 0 && !call.IsKnown(_known, row);
}
