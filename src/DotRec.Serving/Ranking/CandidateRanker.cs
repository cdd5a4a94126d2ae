using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Serving;

/// <summary>Scores candidates with a ranking model: a row each, of the query's features and the item's. Safe for any number of threads.</summary>
internal sealed class CandidateRanker(ServedModel model) : IDisposable
{
    public ModelSignature Signature => model.Signature;

    /// <summary>Scores the candidates of all queries of a call: several queries a model call, and several model calls at a time.</summary>
    public void Score(QueryCall queries, RankerFeature[] features, CandidateLists lists)
    {
        if (lists.QueryCount == 1)
        {
            ScoreRange(queries, features, lists, 0, 1);
            return;
        }

        // The split follows from the problem alone, so that any number of threads makes the same calls.
        var together = Math.Max(1, QueryReader.BlockRows / Math.Max(1, lists.Width));
        Parallelism.ForRanges(lists.QueryCount, together, (start, end) => ScoreRange(queries, features, lists, start, end));
    }

    public void Dispose() => model.Dispose();

    private void ScoreRange(QueryCall queries, RankerFeature[] features, CandidateLists lists, int start, int end)
    {
        var call = model.Rent();
        try
        {
            if (end - start > 1)
            {
                for (var query = start; query < end; query++)
                {
                    Add(call, queries, features, query, lists.Of(query));
                }

                Run(call, lists, start, end);
                return;
            }

            var candidates = lists.Of(start);
            var scores = lists.ScoresOf(start);
            for (var first = 0; first < candidates.Length; first += QueryReader.BlockRows)
            {
                var count = Math.Min(QueryReader.BlockRows, candidates.Length - first);
                call.Clear();
                Add(call, queries, features, start, candidates.Slice(first, count));
                call.Run();
                call.Output.CopyTo(scores.Slice(first, count));
            }
        }
        finally
        {
            model.Return(call);
        }
    }

    private static void Run(ModelCall call, CandidateLists lists, int start, int end)
    {
        if (call.RowCount == 0)
        {
            return;
        }

        call.Run();
        var output = call.Output;
        for (var query = start; query < end; query++)
        {
            var scores = lists.ScoresOf(query);
            output[..scores.Length].CopyTo(scores);
            output = output[scores.Length..];
        }
    }

    private static void Add(ModelCall call, QueryCall queries, RankerFeature[] features, int query, ReadOnlySpan<Candidate> candidates)
    {
        for (var i = 0; i < features.Length; i++)
        {
            features[i].AddRows(queries, query, candidates, call.Features[i]);
        }
    }
}
