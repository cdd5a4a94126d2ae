using System.Collections;
using System.Collections.Concurrent;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>Searches with an item's own embedding; for scores other than the index's, through exact indexes built when first asked for.</summary>
internal sealed class SimilarItemSearch(IItemIndex index) : IDisposable
{
    private readonly ConcurrentDictionary<ScoreFunction, Lazy<IItemIndex>> _built = new();

    public Recommendations Find(Retriever retriever, object itemId, int k, IEnumerable? exclude, ItemFilter? filter, ScoreFunction score)
    {
        ArgumentNullException.ThrowIfNull(itemId);
        ExcludedRows.CheckType(itemId, index.Ids.Type);
        var row = index.Ids.RowOf(itemId);
        if (row < 0)
        {
            throw new ArgumentException($"The index holds no item '{itemId}'. For an item outside the index, embed it with EmbedItem and search Index.", nameof(itemId));
        }

        var embedding = new float[index.Dimension];
        index.CopyEmbedding(row, embedding);
        var excluded = new ExcludedRows();
        try
        {
            excluded.Add(exclude, index.Ids);
            excluded.Add(row);
            return retriever.Nearest(IndexFor(score), embedding, k, filter, excluded.Rows);
        }
        finally
        {
            excluded.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var built in _built.Values)
        {
            built.Value.Dispose();
        }
    }

    private IItemIndex IndexFor(ScoreFunction score) => score == index.ScoreFunction
        ? index
        : _built.GetOrAdd(score, static (score, index) => new Lazy<IItemIndex>(() => Build(index, score)), index).Value;

    private static BruteForceIndex Build(IItemIndex index, ScoreFunction score)
    {
        var embeddings = new float[checked(index.Count * index.Dimension)];
        for (var row = 0; row < index.Count; row++)
        {
            index.CopyEmbedding(row, embeddings.AsSpan(row * index.Dimension, index.Dimension));
        }

        return BruteForceIndex.Build(embeddings, index.Ids, score);
    }
}
