namespace DotRec.Indexing;

/// <summary>How far one search of a <see cref="ScannIndex"/> goes. What is null is as the index was built or calibrated.</summary>
/// <param name="PartitionsToSearch">Partitions scanned, at least 1; more than there are means all. Sets the ceiling of the recall.</param>
/// <param name="RescoringCount">Candidates whose exact scores are computed, at least 1; k where k is greater.</param>
public readonly record struct ScannSearchOptions(int? PartitionsToSearch = null, int? RescoringCount = null);
