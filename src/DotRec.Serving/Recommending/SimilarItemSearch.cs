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

        var embedding = new float[index.Dimension];
        index.CopyEmbedding(row, embedding);
        using var excluded = ExcludedRows.Rent(queries: 1);
        excluded.Add(selection.Exclude, index.Ids);
        excluded.Add([row]);
        var wanted = index.ScoreFunction == ScoreFunction.Cosine ? selection.K : Math.Max(candidates ?? MinCandidates, (long)CandidatesAnItem * selection.K);
        using var lists = CandidateLists.Rent(1, (int)Math.Min(index.Count, Math.Max(wanted, selection.Retrieved)));
        using (ServingTelemetry.BeginStage("retrieve"))
        {
            lists.Counts[0] = lists.Width == 0 ? 0 : index.Search(embedding, lists.Candidates, selection.Filter, excluded.Of(0));
        }

        if (index.ScoreFunction == ScoreFunction.Cosine)
        {
            return QueryPath.Choose(items, lists.Of(0), [], selection, isUnknownQuery: false);
        }

        Cosines(index, embedding, lists.Of(0), lists.ScoresOf(0));
        return QueryPath.Choose(items, lists.Of(0), lists.ScoresOf(0), selection, isUnknownQuery: false);
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
