using System.Runtime.InteropServices;
using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>
/// Whether recommendations leave out what a query has had. People seldom want the same film again; who follows a page, a basket or the last item of a
/// session does, and there leaving out loses the right answers. The data tell the two apart.
/// </summary>
/// <param name="IsOn">True: what a query has had is left out.</param>
/// <param name="Reason">Why, as a sentence; null where the options say it.</param>
internal sealed record SeenExclusion(bool IsOn, string? Reason)
{
    // Where more of the choices are repeats, leaving them out costs more hits than the freed places can bring.
    private const double RepeatedShare = 0.1;

    /// <summary>The share of rows whose query has the same item in another row too: with seen items left out, they could not have been predicted.</summary>
    public static double RepeatedShareOf(FeatureBatch rows, string queryId, string itemId)
    {
        var (queries, items) = (Numbers(rows[queryId]), Numbers(rows[itemId]));
        var pairs = new long[rows.RowCount];
        for (var row = 0; row < pairs.Length; row++)
        {
            pairs[row] = ((long)queries[row] << 32) | (uint)items[row];
        }

        Array.Sort(pairs);
        var repeated = 0;
        for (var i = 0; i < pairs.Length; i++)
        {
            repeated += (i > 0 && pairs[i - 1] == pairs[i]) || (i + 1 < pairs.Length && pairs[i + 1] == pairs[i]) ? 1 : 0;
        }

        return (double)repeated / rows.RowCount;
    }

    /// <summary>True where the share alone says so.</summary>
    public static bool IsUsual(double repeatedShare) => repeatedShare <= RepeatedShare;

    /// <summary>The decision.</summary>
    /// <param name="asked">What the options say; null to decide by the data.</param>
    /// <param name="repeatedShare">The share of the training rows that repeat a pair.</param>
    /// <param name="validation">Hit rates at 10 on validation rows, all items and without seen ones; null without such rows.</param>
    public static SeenExclusion Of(bool? asked, double repeatedShare, (double All, double ExcludingSeen)? validation)
    {
        if (asked is { } said)
        {
            return new SeenExclusion(said, Reason: null);
        }

        var isOn = validation is { } measured ? measured.ExcludingSeen >= measured.All : IsUsual(repeatedShare);
        var reason = validation is { } rates
            ? FormattableString.Invariant($"on the validation rows the hit rate at 10 is {rates.ExcludingSeen:.0000} without it and {rates.All:.0000} with it")
            : FormattableString.Invariant($"{repeatedShare:P1} of the training rows name an item that their query has in another row too");
        return new SeenExclusion(isOn, $"recommendations {(isOn ? "leave out" : "may repeat")} what a query has had: {reason}.");
    }

    private static int[] Numbers(Column ids) => ids is Column<string> texts ? Numbers(texts.Values) : Numbers(((Column<long>)ids).Values);

    // Ids as numbers of their own, equal for equal ones.
    private static int[] Numbers<T>(ReadOnlySpan<T> ids)
        where T : notnull
    {
        var known = new Dictionary<T, int>();
        var numbers = new int[ids.Length];
        for (var row = 0; row < ids.Length; row++)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(known, ids[row], out var isKnown);
            number = isKnown ? number : known.Count - 1;
            numbers[row] = number;
        }

        return numbers;
    }
}
