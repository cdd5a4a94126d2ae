namespace DotRec.Modeling;

/// <summary>Where each item stands in histories: the other way round, item by item.</summary>
internal sealed class ItemPlaces
{
    private readonly int[] _offsets;
    private readonly int[] _places;
    private readonly int[] _queries;

    public ItemPlaces(Histories histories)
    {
        var items = histories.Items;
        _offsets = new int[histories.ItemCount + 1];
        foreach (var item in items)
        {
            _offsets[item + 1]++;
        }

        for (var item = 0; item < histories.ItemCount; item++)
        {
            _offsets[item + 1] += _offsets[item];
        }

        (_places, _queries) = (new int[items.Length], new int[items.Length]);
        var next = _offsets.AsSpan(0, histories.ItemCount).ToArray();
        for (var query = 0; query < histories.Count; query++)
        {
            for (var place = histories.Offsets[query]; place < histories.Offsets[query + 1]; place++)
            {
                var at = next[items[place]]++;
                (_places[at], _queries[at]) = (place, query);
            }
        }
    }

    /// <summary>The places of an item among <see cref="Histories.Items"/>, rising.</summary>
    public ReadOnlySpan<int> Of(int item) => _places.AsSpan(_offsets[item].._offsets[item + 1]);

    /// <summary>The queries that these places are of.</summary>
    public ReadOnlySpan<int> QueriesOf(int item) => _queries.AsSpan(_offsets[item].._offsets[item + 1]);
}
