namespace DotRec.Indexing;

/// <summary>What one query may not return, beyond the words that a scan reads.</summary>
/// <param name="Excluded">Positions to leave out, or null.</param>
/// <param name="Mask">Asked for each item that is found where the filter has no words, or null.</param>
internal readonly record struct QueryRestriction(RowSet? Excluded, EntryMask? Mask);
