using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>
/// Finds where each feature of a ranker comes from, once, when a recommender is made: the first of query, item id and item column that has the
/// feature's name and a type it can be read from. Integers may be read as floats.
/// </summary>
internal static class RankerFeatures
{
    /// <exception cref="ArgumentException">A feature comes from nowhere; the message names it, what is known and what to do.</exception>
    public static RankerFeature[] Find(ModelSignature ranker, IReadOnlyList<QueryFeature> query, ItemTable items) => [.. ranker.Features.Select(
        feature => OfQuery(feature, query) ?? OfId(feature, items) ?? OfColumn(feature, items) ?? throw NotFound(feature, query, items))];

    /// <summary>The features of the ranker that come with a query although the query model does not read them.</summary>
    /// <exception cref="ArgumentException">A name is no feature of the ranker, or the query model reads it already.</exception>
    public static QueryFeature[] Context(IReadOnlyList<string> names, ModelSignature? ranker, ModelSignature query) => [.. names.Select(name =>
    {
        if (query.Features.Any(feature => IsNamed(feature, name)))
        {
            throw new ArgumentException($"The context feature '{name}' is one of the query model already. Leave it out of RecommenderOptions.ContextFeatures.");
        }

        return ranker?.Features.FirstOrDefault(feature => IsNamed(feature, name)) ?? throw new ArgumentException(
            ranker is null ? $"The context feature '{name}' is for a ranker and there is none. Set RecommenderOptions.Ranker."
            : $"The context feature '{name}' is none of the ranker's, which reads {string.Join(", ", ranker.Features)}.");
    })];

    private static RankerFeature? OfQuery(QueryFeature wanted, IReadOnlyList<QueryFeature> query)
    {
        for (var i = 0; i < query.Count; i++)
        {
            if (IsNamed(query[i], wanted.Name) && query[i].IsList == wanted.IsList)
            {
                switch (query[i].Type, wanted.Type)
                {
                    case (QueryFeatureType.String, QueryFeatureType.String):
                        return new RankerFeature.OfQuery<string>(i);
                    case (QueryFeatureType.Int64, QueryFeatureType.Int64):
                        return new RankerFeature.OfQuery<long>(i);
                    case (QueryFeatureType.Float32, QueryFeatureType.Float32):
                        return new RankerFeature.OfQuery<float>(i);
                    case (QueryFeatureType.Float64, QueryFeatureType.Float64):
                        return new RankerFeature.OfQuery<double>(i);
                    case (QueryFeatureType.Int64, QueryFeatureType.Float32) when !wanted.IsList:
                        return new RankerFeature.OfQueryInteger(i);
                }
            }
        }

        return null;
    }

    private static RankerFeature? OfId(QueryFeature wanted, ItemTable items) =>
        wanted.IsList || !string.Equals(wanted.Name, items.IdColumn, StringComparison.Ordinal) ? null
        : (wanted.Type, items.Ids.Type) switch
        {
            (QueryFeatureType.String, ItemIdType.String) => new RankerFeature.OfTextId(items.Ids),
            (QueryFeatureType.Int64, ItemIdType.Int64) => new RankerFeature.OfIntegerId(items.Ids),
            _ => null,
        };

    // A missing text is the empty text, as it was when the training data was read.
    private static RankerFeature? OfColumn(QueryFeature wanted, ItemTable items) =>
        (wanted.Type, items.Columns.FirstOrDefault(column => string.Equals(column.Name, wanted.Name, StringComparison.Ordinal))?.Values) switch
        {
            (QueryFeatureType.String, string?[] texts) when !wanted.IsList => new RankerFeature.OfItem<string>(Array.ConvertAll(texts, text => text ?? "")),
            (QueryFeatureType.Int64, long[] integers) when !wanted.IsList => new RankerFeature.OfItem<long>(integers),
            (QueryFeatureType.Float32, float[] numbers) when !wanted.IsList => new RankerFeature.OfItem<float>(numbers),
            (QueryFeatureType.Float32, double[] numbers) when !wanted.IsList => new RankerFeature.OfItem<float>(Array.ConvertAll(numbers, number => (float)number)),
            (QueryFeatureType.Float32, long[] integers) when !wanted.IsList => new RankerFeature.OfItem<float>(Array.ConvertAll(integers, number => (float)number)),
            (QueryFeatureType.Float64, double[] numbers) when !wanted.IsList => new RankerFeature.OfItem<double>(numbers),
            (QueryFeatureType.Float64, float[] numbers) when !wanted.IsList => new RankerFeature.OfItem<double>(Array.ConvertAll(numbers, number => (double)number)),
            (QueryFeatureType.Float64, long[] integers) when !wanted.IsList => new RankerFeature.OfItem<double>(Array.ConvertAll(integers, number => (double)number)),
            (QueryFeatureType.String, string[][] lists) when wanted.IsList => new RankerFeature.OfItemList<string>(lists),
            (QueryFeatureType.Int64, long[][] lists) when wanted.IsList => new RankerFeature.OfItemList<long>(lists),
            (QueryFeatureType.Float32, float[][] lists) when wanted.IsList => new RankerFeature.OfItemList<float>(lists),
            _ => null,
        };

    private static ArgumentException NotFound(QueryFeature wanted, IReadOnlyList<QueryFeature> query, ItemTable items)
    {
        var known = $"The query has {string.Join(", ", query)}; items have {string.Join(", ", Describe(items))}.";
        var column = items.Columns.FirstOrDefault(column => string.Equals(column.Name, wanted.Name, StringComparison.Ordinal));
        return new ArgumentException(
            query.Any(feature => IsNamed(feature, wanted.Name)) || column is not null || string.Equals(wanted.Name, items.IdColumn, StringComparison.Ordinal)
                ? $"The ranker reads {wanted}, which is there as another type. {known} Give it as the ranker reads it: an item column as {Example(wanted)}."
                : $"The ranker reads {wanted}, which is nowhere. {known} Add it to RecommenderOptions.ItemColumns if it tells of items, or name it in RecommenderOptions.ContextFeatures if it comes with each query.");
    }

    private static IEnumerable<string> Describe(ItemTable items) =>
    [
        $"{items.IdColumn}: {items.Ids.Type}",
        .. items.Columns.Select(column => $"{column.Name}: {column.Values.GetType().GetElementType()!.Name}"),
    ];

    private static string Example(QueryFeature wanted) => wanted.Type switch
    {
        QueryFeatureType.String => "string",
        QueryFeatureType.Int64 => "long",
        QueryFeatureType.Float64 => "double",
        _ => "float",
    } + (wanted.IsList ? "[][]" : "[]");

    private static bool IsNamed(QueryFeature feature, string name) => string.Equals(feature.Name, name, StringComparison.Ordinal);
}
