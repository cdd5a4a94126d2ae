using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>Which rows are held out of training: any, the latest, the last of each query, all of some items or queries, or none.</summary>
/// <example>
/// <code>
/// var test = HoldOut.Latest(0.1, "timestamp");
/// </code>
/// </example>
public sealed record HoldOut
{
    private HoldOut(HoldOutKind kind, double fraction, string? time, DateOrder? dateOrder)
    {
        Kind = kind;
        Fraction = fraction is > 0 and < 1 || kind == HoldOutKind.None ? fraction : throw new ArgumentOutOfRangeException(
            nameof(fraction), fraction, "The share of the rows to hold out lies between 0 and 1, both excluded.");
        Time = kind is HoldOutKind.Latest or HoldOutKind.LastOfEach ? time ?? throw new ArgumentNullException(nameof(time)) : time;
        DateOrder = dateOrder;
    }

    /// <summary>How the rows are chosen.</summary>
    public HoldOutKind Kind { get; }

    /// <summary>
    /// Share of the rows that is held out, between 0 and 1; of <see cref="HoldOutKind.ColdItems"/> that of the items, of <see cref="HoldOutKind.ColdQueries"/> that
    /// of the queries. Of no effect for <see cref="HoldOutKind.LastOfEach"/>, and 0 for <see cref="HoldOutKind.None"/>.
    /// </summary>
    public double Fraction { get; private init; }

    /// <summary>Column of times of <see cref="HoldOutKind.Latest"/> and <see cref="HoldOutKind.LastOfEach"/>; null for others.</summary>
    public string? Time { get; private init; }

    /// <summary>Whether day or month comes first in dates of numbers; null to find out from the column.</summary>
    public DateOrder? DateOrder { get; }

    /// <summary>No rows: the model learns from all, as for service after its settings were chosen. Nothing tells how good it is.</summary>
    public static HoldOut None { get; } = new(HoldOutKind.None, 0, time: null, dateOrder: null);

    // True where even of LastOfEach only a share is wanted.
    private bool IsShare { get; init; }

    /// <summary>Rows drawn at random, by the seed of the pipeline: those of the largest <see cref="RowHash"/>.</summary>
    /// <param name="fraction">Their share of the rows, between 0 and 1, both excluded.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is none.</exception>
    public static HoldOut Random(double fraction) => new(HoldOutKind.Random, fraction, time: null, dateOrder: null);

    /// <summary>The latest rows: what a model that is trained today meets tomorrow.</summary>
    /// <param name="fraction">Their share of the rows, between 0 and 1, both excluded.</param>
    /// <param name="time">Column of times: numbers or texts of dates.</param>
    /// <param name="dateOrder">Whether day or month comes first in dates such as 5/1/2024; null to find out from the column.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is none.</exception>
    public static HoldOut Latest(double fraction, string time, DateOrder? dateOrder = null) => new(HoldOutKind.Latest, fraction, time, dateOrder);

    /// <summary>The last row of each query. A ranking pipeline has to be told the column of queries.</summary>
    /// <param name="time">Column of times: numbers or texts of dates.</param>
    /// <param name="dateOrder">Whether day or month comes first in dates such as 5/1/2024; null to find out from the column.</param>
    public static HoldOut LastOfEach(string time, DateOrder? dateOrder = null) => new(HoldOutKind.LastOfEach, 0.5, time, dateOrder);

    /// <summary>
    /// All rows of items drawn by the seed, and no others: what is measured is how well items are recommended that nobody has had yet, by their features alone. A
    /// ranking pipeline has no items and refuses it.
    /// </summary>
    /// <param name="fraction">Share of the items that have rows, between 0 and 1, both excluded.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is none.</exception>
    public static HoldOut ColdItems(double fraction) => new(HoldOutKind.ColdItems, fraction, time: null, dateOrder: null);

    /// <summary>
    /// All rows of queries drawn by the seed, and no others: what is measured is how well those are answered who have had nothing yet. A ranking pipeline has to be
    /// told the column of queries.
    /// </summary>
    /// <param name="fraction">Share of the queries, between 0 and 1, both excluded.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is none.</exception>
    public static HoldOut ColdQueries(double fraction) => new(HoldOutKind.ColdQueries, fraction, time: null, dateOrder: null);

    /// <summary>True where what is held out is new to the model as a whole: items or queries.</summary>
    internal bool IsCold => Kind is HoldOutKind.ColdItems or HoldOutKind.ColdQueries;

    /// <summary>The same choice of another share, to stop training by: of <see cref="LastOfEach"/> a random part, at random where nothing is held out for a test.</summary>
    internal HoldOut OfShare(double fraction) => Kind == HoldOutKind.None ? Random(fraction) : this with { Fraction = fraction, IsShare = true };

    /// <summary>The same choice by the table's own name of the column of times.</summary>
    /// <exception cref="ArgumentException">Several columns are alike.</exception>
    internal HoldOut In(ColumnLookup columns) => Time is null ? this : this with { Time = columns.Of(Time, nameof(Time)) };

    /// <summary>Divides the rows; both parts have some, unless none are to be held out.</summary>
    /// <exception cref="ArgumentException">The rows cannot be divided so.</exception>
    /// <param name="rows">The rows.</param>
    /// <param name="queryId">Column of queries.</param>
    /// <param name="seed">Decides what is drawn.</param>
    /// <param name="itemId">Column of items; null where rows have none.</param>
    internal DataSplit Split(FeatureBatch rows, string queryId, ulong seed, string? itemId = null)
    {
        if (Time is not null && !(rows.TryGet(Time, out var times) && TimeColumn.CanHoldTimes(times)))
        {
            throw InvalidOption.Named(nameof(Time), $"To hold out rows by time, a column of times is needed; '{Time}' is none. The columns are: {string.Join(", ", rows.Schema)}.");
        }

        if (Kind == HoldOutKind.None)
        {
            return new DataSplit(rows, rows.Slice(0, 0));
        }

        var split = Kind switch
        {
            HoldOutKind.Latest => rows.ByTime(1 - Fraction, Time!, DateOrder),
            HoldOutKind.LastOfEach when IsShare => SomeOfLast(rows, queryId, seed),
            HoldOutKind.LastOfEach => rows.LeaveLastOut(queryId, Time!, dateOrder: DateOrder),
            HoldOutKind.ColdItems => AllOfSome(rows, itemId!, seed),
            HoldOutKind.ColdQueries => AllOfSome(rows, queryId, seed),
            _ => rows.RandomSplit(1 - Fraction, seed),
        };
        return split is { Train.RowCount: > 0, Test.RowCount: > 0 } ? split : throw new ArgumentException(
            $"Of {rows.RowCount} rows {split.Train.RowCount} are to train and {split.Test.RowCount} are held out; both need at least one. Give more rows, another fraction or another kind of split.");
    }

    // Ids of one order whatever that of the rows is: a file that is sorted in another way is split in the same way.
    private DataSplit AllOfSome(FeatureBatch rows, string idColumn, ulong seed)
    {
        var texts = ((Column<string>)rows[idColumn].ConvertTo(ColumnType.String)).Values.ToArray();
        string[] ids = [.. texts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (ids.Length < 2)
        {
            throw new ArgumentException($"Column '{idColumn}' has one value in all {rows.RowCount} rows: none can be held out. Use another kind of split.");
        }

        var count = Math.Clamp((int)Math.Round(Fraction * ids.Length, MidpointRounding.AwayFromZero), 1, ids.Length - 1);
        var held = RowHash.Sample(ids.Length, count, seed).Select(place => ids[place]).ToHashSet(StringComparer.Ordinal);
        return new DataSplit(
            rows.Select([.. Enumerable.Range(0, rows.RowCount).Where(row => !held.Contains(texts[row]))]),
            rows.Select([.. Enumerable.Range(0, rows.RowCount).Where(row => held.Contains(texts[row]))]));
    }

    // The last rows of queries drawn at random; those of the others train.
    private DataSplit SomeOfLast(FeatureBatch rows, string queryId, ulong seed)
    {
        const string Number = "\0row";
        var numbered = rows.With(new Column<long>(Number, [.. Enumerable.Range(0, rows.RowCount).Select(row => (long)row)]));
        var last = numbered.LeaveLastOut(queryId, Time!, dateOrder: DateOrder).Test.Get<long>(Number).Values.ToArray();
        var count = Math.Min(last.Length, (int)Math.Round(Fraction * rows.RowCount, MidpointRounding.AwayFromZero));
        var held = RowHash.Sample(last.Length, count, seed).Select(place => (int)last[place]).ToHashSet();
        return new DataSplit(
            rows.Select([.. Enumerable.Range(0, rows.RowCount).Where(row => !held.Contains(row))]),
            rows.Select([.. Enumerable.Range(0, rows.RowCount).Where(held.Contains)]));
    }
}
