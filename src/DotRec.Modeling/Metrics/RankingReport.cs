namespace DotRec.Modeling;

/// <summary>Ranking metrics in both settings: what users have already had may come again, or may not.</summary>
/// <param name="All">Every item of the catalogue is a candidate: TFRS' protocol.</param>
/// <param name="ExcludingSeen">
/// The query's training items are no candidates; an example whose true item is one of them is a miss. Null when no training data is known.
/// </param>
public sealed record RankingReport(RetrievalMetrics All, RetrievalMetrics? ExcludingSeen);
