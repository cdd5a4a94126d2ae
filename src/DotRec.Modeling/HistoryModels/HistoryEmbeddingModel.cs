using DotRec.Data;
using DotRec.Kernels;
using DotRec.Onnx;

namespace DotRec.Modeling;

/// <summary>
/// A model that makes an embedding of what a query had: the score of an item is its inner product with the item's own embedding, so that any item index serves it,
/// behind an ONNX query side.
/// </summary>
public abstract class HistoryEmbeddingModel : HistoryModel
{
    /// <summary>How many items are looked at where order does not matter.</summary>
    private protected const int LongestSet = 1000;

    private protected HistoryEmbeddingModel()
    {
    }

    /// <summary>Width of the embeddings, W.</summary>
    public abstract int EmbeddingWidth { get; }

    /// <summary>How many items of a history are looked at, the newest ones.</summary>
    public abstract int HistoryLength { get; }

    /// <summary>Embeddings of all items by catalogue row, [N, W].</summary>
    /// <exception cref="InvalidOperationException">The model was not fit.</exception>
    public abstract ReadOnlyMemory<float> ItemEmbeddings { get; }

    /// <summary>
    /// The query side as an ONNX model: item ids of a history in, embedding [batch, W] out. It takes the last items that it knows, and skips ids that are not of the
    /// catalogue.
    /// </summary>
    /// <param name="itemIds">The id of each catalogue row: texts or integers.</param>
    /// <param name="feature">Name of the input, a list of ids, oldest first.</param>
    /// <exception cref="ArgumentException">There is not one id an item, or the column cannot hold ids.</exception>
    /// <exception cref="InvalidOperationException">The model was not fit.</exception>
    public OnnxModel ExportQuery(Column itemIds, string feature = "history")
    {
        ArgumentNullException.ThrowIfNull(itemIds);
        ArgumentException.ThrowIfNullOrEmpty(feature);
        return itemIds.RowCount == ItemCount
            ? CreateGraph().Write(itemIds, feature)
            : throw new ArgumentException($"There are {itemIds.RowCount} ids for {ItemCount} items. Give one a catalogue row.", nameof(itemIds));
    }

    /// <summary>The embedding of what the query of each example had, [count, W].</summary>
    internal abstract float[] EmbedQueries(NextItems examples, CancellationToken cancellationToken);

    /// <summary>What writes the query side.</summary>
    private protected abstract HistoryGraph CreateGraph();

    /// <inheritdoc/>
    internal sealed override ItemScorer ScorerOf(NextItems examples, CancellationToken cancellationToken) =>
        new EmbeddingScorer(EmbedQueries(examples, cancellationToken), ItemEmbeddings, EmbeddingWidth);

    /// <summary>The different items among the newest ones that are looked at, rising.</summary>
    private protected int[] DistinctNewest(ReadOnlySpan<int> history) => [.. history[Math.Max(0, history.Length - HistoryLength)..].ToArray().Distinct().Order()];

    /// <summary>Embeds histories one by one, on all threads.</summary>
    private protected float[] EmbedEach(NextItems examples, Func<int[], float[]> embed, CancellationToken cancellationToken)
    {
        var embeddings = new float[checked(examples.Count * EmbeddingWidth)];
        cancellationToken.ThrowIfCancellationRequested();
        Parallelism.For(examples.Count, i => embed(examples.Histories.Of(examples.Queries[i]).ToArray()).CopyTo(embeddings, i * EmbeddingWidth));
        return embeddings;
    }
}
