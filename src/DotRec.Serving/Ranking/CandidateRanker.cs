using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Serving;

/// <summary>Scores candidates with a ranking model: a row each, of the query's features and the item's. Safe for any number of threads.</summary>
internal sealed class CandidateRanker(ServedModel model, RankerFeature[] features) : IDisposable
{
    // Rows a model call: large enough to hide the call, small enough to stay in cache.
    private const int BlockRows = 1024;

    public ModelSignature Signature => model.Signature;

    /// <summary>The scores of one query's candidates, in one model call for up to a thousand of them.</summary>
    public void Score(ModelCall queries, int query, ReadOnlySpan<Candidate> candidates, Span<float> scores)
    {
        var call = model.Rent();
        try
        {
            for (var start = 0; start < candidates.Length; start += BlockRows)
            {
                var count = Math.Min(BlockRows, candidates.Length - start);
                call.Clear();
                Add(call, queries, query, candidates.Slice(start, count));
                call.Run();
                call.Output.CopyTo(scores.Slice(start, count));
            }
        }
        finally
        {
            model.Return(call);
        }
    }

    /// <summary>The scores of the candidates of all queries of a call, several queries a model call and several model calls at a time.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="candidates">Shape [queries, width].</param>
    /// <param name="counts">How many candidates each query has.</param>
    /// <param name="width">Room for candidates a query.</param>
    /// <param name="scores">Receives the scores, shape [queries, width].</param>
    public void Score(ModelCall queries, Candidate[] candidates, int[] counts, int width, float[] scores)
    {
        // The split follows from the problem alone, so that any number of threads makes the same calls.
        var together = Math.Max(1, BlockRows / Math.Max(1, width));
        Parallelism.ForRanges(counts.Length, together, (start, end) =>
        {
            if (end - start == 1)
            {
                Score(queries, start, candidates.AsSpan(start * width, counts[start]), scores.AsSpan(start * width));
            }
            else
            {
                ScoreTogether(queries, start, end, candidates, counts, width, scores);
            }
        });
    }

    public void Dispose() => model.Dispose();

    private void ScoreTogether(ModelCall queries, int start, int end, Candidate[] candidates, int[] counts, int width, float[] scores)
    {
        var call = model.Rent();
        try
        {
            for (var query = start; query < end; query++)
            {
                Add(call, queries, query, candidates.AsSpan(query * width, counts[query]));
            }

            if (call.RowCount == 0)
            {
                return;
            }

            call.Run();
            var output = call.Output;
            for (var query = start; query < end; query++)
            {
                output[..counts[query]].CopyTo(scores.AsSpan(query * width));
                output = output[counts[query]..];
            }
        }
        finally
        {
            model.Return(call);
        }
    }

    private void Add(ModelCall call, ModelCall queries, int query, ReadOnlySpan<Candidate> candidates)
    {
        for (var i = 0; i < features.Length; i++)
        {
            features[i].AddRows(queries, query, candidates, call.Features[i]);
        }
    }
}
