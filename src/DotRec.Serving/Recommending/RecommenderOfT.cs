using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>A <see cref="Recommender"/> for queries of one type. It owns nothing: dispose the recommender it was made of.</summary>
/// <typeparam name="TQuery">A type with a property for each query feature.</typeparam>
public sealed class Recommender<TQuery>
    where TQuery : notnull
{
    internal Recommender(Recommender untyped) => Untyped = untyped;

    /// <summary>The recommender for queries of any type.</summary>
    public Recommender Untyped { get; }

    /// <inheritdoc cref="Recommender.Recommend{T}(T, int)"/>
    public Recommendations Recommend(TQuery query, int k) => Untyped.Recommend(query, k);

    /// <inheritdoc cref="Recommender.Recommend{T}(T, RecommendOptions?)"/>
    public Recommendations Recommend(TQuery query, RecommendOptions? options = null) => Untyped.Recommend(query, options);

    /// <inheritdoc cref="Recommender.RecommendBatch{T}(IEnumerable{T}, RecommendOptions?, IReadOnlyList{IReadOnlyCollection{ItemId}?}?)"/>
    public IReadOnlyList<Recommendations> RecommendBatch(
        IEnumerable<TQuery> queries, RecommendOptions? options = null, IReadOnlyList<IReadOnlyCollection<ItemId>?>? exclude = null) =>
        Untyped.RecommendBatch(queries, options, exclude);
}
