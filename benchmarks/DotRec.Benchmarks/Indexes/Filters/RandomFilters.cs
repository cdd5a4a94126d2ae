using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>Rows at random, the same for all queries; those of a smaller share are among those of a greater.</summary>
internal sealed class RandomFilters(VectorCorpus corpus, int[] queries, ulong seed) : IFilterKind
{
    public string Name => "random";

    public int QueryCount => queries.Length;

    public IEnumerable<FilterCase> Cases(IReadOnlyList<double> selectivities, CancellationToken cancellation)
    {
        var rows = Enumerable.Range(0, corpus.ItemCount).ToArray();
        new SeededRandom(seed).Shuffle<int>(rows);
        foreach (var selectivity in selectivities)
        {
            var count = FilterCase.CountOf(selectivity, corpus.ItemCount);
            var filter = ItemFilter.Allow(corpus.ItemCount, rows.AsSpan(0, count));
            yield return new FilterCase("random", selectivity, count, Array.ConvertAll(queries, query => new FilteredQuery(query, filter)));
        }
    }
}
