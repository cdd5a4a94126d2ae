namespace DotRec.Indexing;

/// <summary>How far one search goes.</summary>
/// <param name="Partitions">Partitions scanned where nothing restricts the answer, 1 to P.</param>
/// <param name="Rescoring">R: candidates whose exact scores are computed, at least k.</param>
internal readonly record struct SearchEffort(int Partitions, int Rescoring);
