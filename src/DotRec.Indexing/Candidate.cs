namespace DotRec.Indexing;

/// <summary>An item the index returned.</summary>
/// <param name="Row">The item's position in the index; <see cref="IItemIndex.Ids"/> knows its id.</param>
/// <param name="Score">Bigger is better.</param>
public readonly record struct Candidate(int Row, float Score);
