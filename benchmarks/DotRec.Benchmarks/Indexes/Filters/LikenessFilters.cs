using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>For each query a filter of its own: items of the half that scores higher against it (like) or lower (unlike), thinned at random.</summary>
internal sealed class LikenessFilters(VectorCorpus corpus, int[] queries, ulong seed, bool like, bool unlike) : IFilterKind
{
    public string Name => like && unlike ? "unlike and like" : like ? "like" : "unlike";

    public int QueryCount => queries.Length;

    public IEnumerable<FilterCase> Cases(IReadOnlyList<double> selectivities, CancellationToken cancellation)
    {
        var half = Math.Max(1, corpus.ItemCount / 2);
        var counts = selectivities.Select(selectivity => Math.Min(half, FilterCase.CountOf(selectivity, corpus.ItemCount))).ToArray();
        var (lower, upper) = (new FilteredQuery[counts.Length, queries.Length], new FilteredQuery[counts.Length, queries.Length]);
        Parallelism.For(queries.Length, part =>
        {
            cancellation.ThrowIfCancellationRequested();
            var rows = ByScore(queries[part]);
            var random = new SeededRandom(seed).Stream((ulong)queries[part]);
            Thin(rows.AsSpan(0, half), unlike ? lower : null);
            Thin(rows.AsSpan(corpus.ItemCount - half), like ? upper : null);

            void Thin(Span<int> some, FilteredQuery[,]? questions)
            {
                random.Shuffle(some);
                for (var i = 0; questions is not null && i < counts.Length; i++)
                {
                    questions[i, part] = new FilteredQuery(queries[part], ItemFilter.Allow(corpus.ItemCount, some[..counts[i]]));
                }
            }
        });
        var made = new List<(string Kind, FilteredQuery[,] Questions)>();
        if (unlike)
        {
            made.Add(("unlike", lower));
        }

        if (like)
        {
            made.Add(("like", upper));
        }

        foreach (var (kind, questions) in made)
        {
            for (var i = 0; i < counts.Length; i++)
            {
                yield return new FilterCase(kind, selectivities[i], counts[i], [.. Enumerable.Range(0, queries.Length).Select(query => questions[i, query])]);
            }
        }
    }

    // All rows, the least alike first.
    private int[] ByScore(int query)
    {
        var vector = corpus.Query(query);
        var (scores, rows) = (new float[corpus.ItemCount], new int[corpus.ItemCount]);
        for (var row = 0; row < rows.Length; row++)
        {
            (rows[row], scores[row]) = (row, MetricNames.Score(corpus.ScoreFunction, vector, corpus.Item(row)));
        }

        Array.Sort(scores, rows);
        return rows;
    }
}
