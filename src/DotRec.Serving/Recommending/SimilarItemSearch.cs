using System.Buffers;
using System.Numerics.Tensors;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>Searches with an item's own embedding: candidates by the score of the index, ordered by their cosines.</summary>
internal static class SimilarItemSearch
{
    private const int MinCandidates = 100;
    private const int CandidatesAnItem = 10;

    public static Recommendations Find(RecommenderSnapshot items, ItemId itemId, in Selection selection, int? candidates)
    {
        var index = items.Index;
        ExcludedRows.CheckType(itemId, index.Ids);
        var row = index.Ids.RowOf(itemId);
        if (row < 0)
        {
            throw new ArgumentException($"The index holds no item '{itemId}'. For an item outside the index, embed it with EmbedItem and search Index.", nameof(itemId));
        }

        using var excluded = ExcludedRows.Rent(queries: 1);
        excluded.Add(selection.Exclude, index.Ids);
        excluded.Add([row]);
        if (index is SparseIndex lists)
        {
            return Following(items, lists, row, selection, excluded.Of(0));
        }

        var embedding = new float[index.Dimension];
        index.CopyEmbedding(row, embedding);
        var wanted = index.ScoreFunction == ScoreFunction.Cosine ? selection.K : Math.Max(candidates ?? MinCandidates, (long)CandidatesAnItem * selection.K);
        using var found = CandidateLists.Rent(1, (int)Math.Min(index.Count, Math.Max(wanted, selection.Retrieved)));
        using (ServingTelemetry.BeginStage("retrieve"))
        {
            found.Counts[0] = found.Width == 0 ? 0 : index.Search(embedding, found.Candidates, selection.Filter, excluded.Of(0));
        }

        if (index.ScoreFunction == ScoreFunction.Cosine)
        {
            return QueryPath.Choose(items, found.Of(0), [], selection, isUnknownQuery: false);
        }

        Cosines(index, embedding, found.Of(0), found.ScoresOf(0));
        return QueryPath.Choose(items, found.Of(0), found.ScoresOf(0), selection, isUnknownQuery: false);
    }

    // Item to item: what the item itself leads to.
    private static Recommendations Following(RecommenderSnapshot items, SparseIndex index, int row, in Selection selection, ReadOnlySpan<int> excluded)
    {
        using var found = CandidateLists.Rent(1, Math.Min(index.Count, selection.Retrieved));
        using (ServingTelemetry.BeginStage("retrieve"))
        {
            found.Counts[0] = found.Width == 0 ? 0 : index.Search([row], [1f], found.Candidates, selection.Filter, excluded);
        }

        return QueryPath.Choose(items, found.Of(0), [], selection, isUnknownQuery: false);
    }

    /// <summary>0 where a vector is of zeros.</summary>
    private static void Cosines(IItemIndex index, ReadOnlySpan<float> embedding, ReadOnlySpan<Candidate> candidates, Span<float> cosines)
    {
        var other = ArrayPool<float>.Shared.Rent(embedding.Length);
        try
        {
            for (var i = 0; i < candidates.Length; i++)
            {
                var vector = other.AsSpan(0, embedding.Length);
                index.CopyEmbedding(candidates[i].Row, vector);
                var cosine = TensorPrimitives.CosineSimilarity(embedding, vector);
                cosines[i] = float.IsNaN(cosine) ? 0 : cosine;
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(other);
        }
    }
}
