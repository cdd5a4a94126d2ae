using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>A candidate in its place in an answer.</summary>
/// <param name="Row">Row of the index.</param>
/// <param name="Score">The ranker's score; without a ranker the index's.</param>
/// <param name="RetrievalScore">The index's score.</param>
internal readonly record struct RankedItem(int Row, float Score, float RetrievalScore)
{
    public static RankedItem Unranked(Candidate candidate) => new(candidate.Row, candidate.Score, candidate.Score);
}
