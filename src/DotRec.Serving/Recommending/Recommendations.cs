using System.Collections;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>The answer to one query: at most k items, best first. Shorter than k when fewer items are allowed, never padded.</summary>
public sealed class Recommendations : IReadOnlyList<Recommendation>
{
    private readonly Recommendation[] _items;

    internal Recommendations(ItemTable items, ReadOnlySpan<Candidate> candidates, bool isUnknownQuery, bool isByPopularity)
    {
        _items = new Recommendation[candidates.Length];
        for (var i = 0; i < _items.Length; i++)
        {
            _items[i] = new Recommendation(items, RankedItem.Unranked(candidates[i]));
        }

        IsUnknownQuery = isUnknownQuery;
        IsByPopularity = isByPopularity;
    }

    internal Recommendations(ItemTable items, ReadOnlySpan<RankedItem> ranked, bool isUnknownQuery)
    {
        _items = new Recommendation[ranked.Length];
        for (var i = 0; i < _items.Length; i++)
        {
            _items[i] = new Recommendation(items, ranked[i]);
        }

        IsUnknownQuery = isUnknownQuery;
    }

    /// <summary>True when the query's id was not in the training data, as far as the recommender can tell; see <see cref="Recommender.QueryIdFeature"/>.</summary>
    public bool IsUnknownQuery { get; }

    /// <summary>True when the items are the most popular ones, not the model's answer; the scores are then counts.</summary>
    public bool IsByPopularity { get; }

    /// <inheritdoc/>
    public int Count => _items.Length;

    /// <inheritdoc/>
    public Recommendation this[int index] => _items[index];

    /// <inheritdoc/>
    public IEnumerator<Recommendation> GetEnumerator() => ((IEnumerable<Recommendation>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _items.GetEnumerator();
}
