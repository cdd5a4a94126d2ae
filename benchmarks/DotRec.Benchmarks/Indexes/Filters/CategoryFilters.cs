using System.Numerics.Tensors;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>
/// The items fall into categories that are regions of the space, all of one size; a query asks within one of them: the nearest to it, the tenth, or the
/// farthest, by the score of the category's mean.
/// </summary>
internal sealed class CategoryFilters(VectorCorpus corpus, int[] queries, ulong seed) : IFilterKind
{
    // The place of the category that is neither near nor far.
    private const int Middle = 9;

    public string Name => "category";

    public int QueryCount => queries.Length;

    public IEnumerable<FilterCase> Cases(IReadOnlyList<double> selectivities, CancellationToken cancellation)
    {
        var order = SpatialOrder.Of(corpus, seed, cancellation);
        foreach (var selectivity in selectivities)
        {
            var size = FilterCase.CountOf(selectivity, corpus.ItemCount);
            var means = Means(order, size);
            var filters = new Dictionary<int, ItemFilter>();
            var ranked = new int[queries.Length][];
            Parallelism.For(queries.Length, part => ranked[part] = Rank(corpus.Query(queries[part]), means));
            foreach (var (kind, place) in ((string, int)[])[("category-near", 0), ("category-mid", Middle), ("category-far", means.Length - 1)])
            {
                // Of few categories the tenth is none, or the farthest; of one, the nearest is all there is.
                if (kind == "category-mid" ? means.Length <= Middle + 1 : kind == "category-far" && means.Length == 1)
                {
                    continue;
                }

                cancellation.ThrowIfCancellationRequested();
                yield return new FilterCase(kind, selectivity, size, [.. queries.Select((query, i) => new FilteredQuery(query, Filter(ranked[i][place])))]);
            }

            ItemFilter Filter(int category)
            {
                if (!filters.TryGetValue(category, out var filter))
                {
                    filters[category] = filter = ItemFilter.Allow(corpus.ItemCount, order.AsSpan(category * size, size));
                }

                return filter;
            }
        }
    }

    // One a whole category; what is left over at the end of the order is in none.
    private float[][] Means(int[] order, int size)
    {
        var means = new float[order.Length / size][];
        Parallelism.For(means.Length, category =>
        {
            var (mean, scaled) = (new float[corpus.Dimension], new float[corpus.Dimension]);
            foreach (var row in order.AsSpan(category * size, size))
            {
                var item = corpus.Item(row);
                var length = corpus.ScoreFunction == ScoreFunction.Cosine ? TensorPrimitives.Norm(item) : 1;
                TensorPrimitives.Divide(item, length > 0 ? length : 1, scaled);
                TensorPrimitives.Add(mean, scaled, mean);
            }

            TensorPrimitives.Divide(mean, size, mean);
            means[category] = mean;
        });
        return means;
    }

    private int[] Rank(ReadOnlySpan<float> query, float[][] means)
    {
        var (scores, categories) = (new float[means.Length], new int[means.Length]);
        for (var category = 0; category < means.Length; category++)
        {
            (scores[category], categories[category]) = (-MetricNames.Score(corpus.ScoreFunction, query, means[category]), category);
        }

        Array.Sort(scores, categories);
        return categories;
    }
}
