using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>How one way to recommend places what is new.</summary>
/// <param name="Name">The way: "content", "popularity", "random", or the name of the model.</param>
/// <param name="AmongAll">The new item, or the choice of a new query, among all items, as recommendations are made.</param>
/// <param name="AmongNew">The new item among new items alone; null where queries are new, and for a way that has the same score for all new items.</param>
public sealed record ColdStartResult(string Name, RetrievalMetrics AmongAll, RetrievalMetrics? AmongNew);
