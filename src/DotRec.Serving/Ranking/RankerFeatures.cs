using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>
/// Finds where each feature of a ranker comes from: the first of query, item id and item column that has the feature's name and a type it can be
/// read from. Numbers may be read as wider or rounded to narrower ones, never as text.
/// </summary>
internal static class RankerFeatures
{
    /// <exception cref="ArgumentException">A feature comes from nowhere; the message names it, what is known and what to do.</exception>
    public static RankerFeature[] Find(ModelSignature ranker, IReadOnlyList<ColumnSchema> query, ItemTable items) => [.. ranker.Features.Select(
        feature => OfQuery(feature, query) ?? OfId(feature, items) ?? OfColumn(feature, items) ?? throw NotFound(feature, query, items))];

    /// <summary>The features of the ranker that come with a query although the query model does not read them.</summary>
    /// <exception cref="ArgumentException">A name is no feature of the ranker, or the query model reads it already.</exception>
    public static ColumnSchema[] Context(IReadOnlyList<string> names, ModelSignature? ranker, ModelSignature query) => [.. names.Select(name =>
    {
        if (query.Features.Any(feature => IsNamed(feature, name)))
        {
            throw new ArgumentException($"The context feature '{name}' is one of the query model already. Leave it out of RecommenderOptions.ContextFeatures.");
        }

        return ranker?.Features.FirstOrDefault(feature => IsNamed(feature, name)) ?? throw new ArgumentException(
            ranker is null ? $"The context feature '{name}' is for a ranker and there is none. Set RecommenderOptions.Ranker."
            : $"The context feature '{name}' is none of the ranker's, which reads {string.Join(", ", ranker.Features)}.");
    })];

    private static RankerFeature? OfQuery(ColumnSchema wanted, IReadOnlyList<ColumnSchema> query)
    {
        for (var i = 0; i < query.Count; i++)
        {
            if (IsNamed(query[i], wanted.Name) && query[i].IsJagged == wanted.IsJagged && OfQuery(i, query[i], wanted) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static RankerFeature? OfQuery(int i, ColumnSchema feature, ColumnSchema wanted) => (feature.Type, wanted.Type) switch
    {
        (ColumnType.String, ColumnType.String) => new RankerFeature.OfQuery<string>(i),
        (ColumnType.Int64, ColumnType.Int64) => new RankerFeature.OfQuery<long>(i),
        (ColumnType.Float32, ColumnType.Float32) => new RankerFeature.OfQuery<float>(i),
        (ColumnType.Float64, ColumnType.Float64) => new RankerFeature.OfQuery<double>(i),
        _ when wanted.IsJagged => null,
        (ColumnType.Int64, ColumnType.Float32) => new RankerFeature.OfQueryNumber<long, float>(i),
        (ColumnType.Int64, ColumnType.Float64) => new RankerFeature.OfQueryNumber<long, double>(i),
        (ColumnType.Float64, ColumnType.Float32) => new RankerFeature.OfQueryNumber<double, float>(i),
        (ColumnType.Float32, ColumnType.Float64) => new RankerFeature.OfQueryNumber<float, double>(i),
        _ => null,
    };

    private static RankerFeature? OfId(ColumnSchema wanted, ItemTable items) =>
        wanted.IsJagged || !string.Equals(wanted.Name, items.IdColumn, StringComparison.Ordinal) ? null
        : (wanted.Type, items.Ids.Type) switch
        {
            (ColumnType.String, ItemIdType.String) => new RankerFeature.OfTextId(items.Ids),
            (ColumnType.Int64, ItemIdType.Int64) => new RankerFeature.OfIntegerId(items.Ids),
            _ => null,
        };

    private static RankerFeature? OfColumn(ColumnSchema wanted, ItemTable items) => (wanted.Type, items.Find(wanted.Name)) switch
    {
        (ColumnType.String, ItemColumn<string> texts) when !wanted.IsJagged => new RankerFeature.OfItem<string>(texts),
        (ColumnType.Int64, ItemColumn<long> integers) when !wanted.IsJagged => new RankerFeature.OfItem<long>(integers),
        (ColumnType.Float32, ItemColumn<float> numbers) when !wanted.IsJagged => new RankerFeature.OfItem<float>(numbers),
        (ColumnType.Float64, ItemColumn<double> numbers) when !wanted.IsJagged => new RankerFeature.OfItem<double>(numbers),
        (ColumnType.Float32, ItemColumn<double> numbers) when !wanted.IsJagged => new RankerFeature.OfItemNumber<double, float>(numbers),
        (ColumnType.Float32, ItemColumn<long> integers) when !wanted.IsJagged => new RankerFeature.OfItemNumber<long, float>(integers),
        (ColumnType.Float64, ItemColumn<float> numbers) when !wanted.IsJagged => new RankerFeature.OfItemNumber<float, double>(numbers),
        (ColumnType.Float64, ItemColumn<long> integers) when !wanted.IsJagged => new RankerFeature.OfItemNumber<long, double>(integers),
        (ColumnType.String, ItemColumn<string[]> lists) when wanted.IsJagged => new RankerFeature.OfItemList<string>(lists),
        (ColumnType.Int64, ItemColumn<long[]> lists) when wanted.IsJagged => new RankerFeature.OfItemList<long>(lists),
        (ColumnType.Float32, ItemColumn<float[]> lists) when wanted.IsJagged => new RankerFeature.OfItemList<float>(lists),
        (ColumnType.Float64, ItemColumn<double[]> lists) when wanted.IsJagged => new RankerFeature.OfItemList<double>(lists),
        _ => null,
    };

    private static ArgumentException NotFound(ColumnSchema wanted, IReadOnlyList<ColumnSchema> query, ItemTable items)
    {
        var known = $"The query has {string.Join(", ", query)}; items have {string.Join(", ", Describe(items))}.";
        return new ArgumentException(
            query.Any(feature => IsNamed(feature, wanted.Name)) || items.Find(wanted.Name) is not null || string.Equals(wanted.Name, items.IdColumn, StringComparison.Ordinal)
                ? $"The ranker reads {wanted}, which is there as another type. {known} Give it as the ranker reads it."
                : $"The ranker reads {wanted}, which is nowhere. {known} Add it to RecommenderOptions.{nameof(RecommenderOptions.Items)} if it tells of items, or name it in RecommenderOptions.{nameof(RecommenderOptions.ContextFeatures)} if it comes with each query.");
    }

    private static IEnumerable<string> Describe(ItemTable items) => [$"{items.IdColumn}: {items.Ids.Type}", .. items.Columns.Select(column => column.Schema.ToString())];

    private static bool IsNamed(ColumnSchema feature, string name) => string.Equals(feature.Name, name, StringComparison.Ordinal);
}
