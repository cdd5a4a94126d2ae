using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>The last items of some histories, one history after another without padding: what a pass through a sequence network takes.</summary>
internal sealed class JaggedPositions
{
    private JaggedPositions(int[] items, int[] ages, int[] offsets) => (Items, Ages, Offsets) = (items, ages, offsets);

    /// <summary>[P]: catalogue rows.</summary>
    public int[] Items { get; }

    /// <summary>[P]: places from the end of the history, 0 the last.</summary>
    public int[] Ages { get; }

    /// <summary>[P]: places from the first item that is looked at, 0 the first.</summary>
    public int[] Places => field ??= CountPlaces();

    /// <summary>[S + 1]: where each history begins.</summary>
    public int[] Offsets { get; }

    /// <summary>[P]: the item that came after each position; empty outside training.</summary>
    public int[] Next { get; private init; } = [];

    /// <summary>The last <paramref name="length"/> items of histories.</summary>
    public static JaggedPositions Of(Histories histories, ReadOnlySpan<int> queries, int length) => Cut(histories, queries, length, nextItems: 0);

    /// <summary>The same for training: each position and the item after it. A history of one item has no position.</summary>
    public static JaggedPositions WithNext(Histories histories, ReadOnlySpan<int> queries, int length) => Cut(histories, queries, length, nextItems: 1);

    /// <summary>
    /// The batches of an epoch: queries in random order, cut where a batch has about so many positions to train on. Lengths are mixed: without padding, that
    /// costs nothing.
    /// </summary>
    public static List<int[]> Shuffle(Histories histories, int length, int positions, SeededRandom random)
    {
        int[] queries = [.. Enumerable.Range(0, histories.Count).Where(query => histories.Of(query).Length > 1)];
        random.Shuffle(queries.AsSpan());
        var batches = new List<int[]>();
        int start = 0, sum = 0;
        for (var i = 0; i < queries.Length; i++)
        {
            sum += Math.Min(length, histories.Of(queries[i]).Length - 1);
            if (sum >= positions || i + 1 == queries.Length)
            {
                batches.Add(queries[start..(i + 1)]);
                (start, sum) = (i + 1, 0);
            }
        }

        return batches;
    }

    private int[] CountPlaces()
    {
        var places = new int[Items.Length];
        for (var i = 0; i + 1 < Offsets.Length; i++)
        {
            for (var position = Offsets[i]; position < Offsets[i + 1]; position++)
            {
                places[position] = position - Offsets[i];
            }
        }

        return places;
    }

    private static JaggedPositions Cut(Histories histories, ReadOnlySpan<int> queries, int length, int nextItems)
    {
        var offsets = new int[queries.Length + 1];
        for (var i = 0; i < queries.Length; i++)
        {
            offsets[i + 1] = offsets[i] + Math.Clamp(histories.Of(queries[i]).Length - nextItems, 0, length);
        }

        int[] items = new int[offsets[^1]], ages = new int[offsets[^1]], next = new int[nextItems * offsets[^1]];
        for (var i = 0; i < queries.Length; i++)
        {
            var count = offsets[i + 1] - offsets[i];
            var history = histories.Of(queries[i]);
            history[^(count + nextItems)..^nextItems].CopyTo(items.AsSpan(offsets[i]));
            if (nextItems > 0)
            {
                history[^count..].CopyTo(next.AsSpan(offsets[i]));
            }

            for (var age = 0; age < count; age++)
            {
                ages[offsets[i + 1] - 1 - age] = age;
            }
        }

        return new JaggedPositions(items, ages, offsets) { Next = next };
    }
}
