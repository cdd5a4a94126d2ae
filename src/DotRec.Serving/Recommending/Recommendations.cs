using System.Collections;
using DotRec.Indexing;

namespace DotRec.Serving;

/// <summary>The answer to one query: at most k items, best first. Shorter than k when fewer items are allowed, never padded. It outlives its recommender.</summary>
public sealed class Recommendations : IReadOnlyList<Recommendation>
{
    private readonly RankedItem[] _ranked;
    private readonly ItemId[] _ids;

    internal Recommendations(ItemTable items, ReadOnlySpan<Candidate> candidates, bool isUnknownQuery, bool isByPopularity)
        : this(items, new RankedItem[candidates.Length], isUnknownQuery)
    {
        for (var i = 0; i < _ranked.Length; i++)
        {
            _ranked[i] = RankedItem.Unranked(candidates[i]);
            _ids[i] = items.Ids[candidates[i].Row];
        }

        IsByPopularity = isByPopularity;
    }

    internal Recommendations(ItemTable items, ReadOnlySpan<RankedItem> ranked, bool isUnknownQuery)
        : this(items, ranked.ToArray(), isUnknownQuery)
    {
        for (var i = 0; i < _ranked.Length; i++)
        {
            _ids[i] = items.Ids[ranked[i].Row];
        }
    }

    private Recommendations(ItemTable items, RankedItem[] ranked, bool isUnknownQuery) =>
        (Items, _ranked, _ids, IsUnknownQuery) = (items, ranked, new ItemId[ranked.Length], isUnknownQuery);

    /// <summary>True when the query's id was not in the training data, as far as the recommender can tell; see <see cref="Recommender.QueryIdFeature"/>.</summary>
    public bool IsUnknownQuery { get; }

    /// <summary>True when the items are the most popular ones, not the model's answer; the scores are then counts.</summary>
    public bool IsByPopularity { get; }

    /// <inheritdoc/>
    public int Count => _ranked.Length;

    /// <inheritdoc/>
    public Recommendation this[int index] => (uint)index < (uint)_ranked.Length ? new Recommendation(this, index) : throw new ArgumentOutOfRangeException(
        nameof(index), index, $"There are {_ranked.Length} recommendations, numbered from 0.");

    /// <summary>The items of the moment of the answer.</summary>
    internal ItemTable Items { get; }

    /// <inheritdoc/>
    public IEnumerator<Recommendation> GetEnumerator()
    {
        for (var i = 0; i < _ranked.Length; i++)
        {
            yield return new Recommendation(this, i);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal ItemId IdOf(int place) => _ids[place];

    internal RankedItem Ranked(int place) => _ranked[place];
}
