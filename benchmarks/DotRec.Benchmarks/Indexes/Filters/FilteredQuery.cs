using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>A query and the items that may answer it.</summary>
/// <param name="Query">Number of the query in its corpus.</param>
/// <param name="Filter">Items that may be returned; null for all.</param>
internal readonly record struct FilteredQuery(int Query, ItemFilter? Filter);
