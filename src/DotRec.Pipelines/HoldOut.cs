using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>Which rows are held out of training: any, the latest, the last of each query, or none.</summary>
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
        Time = kind is HoldOutKind.Random or HoldOutKind.None ? time : time ?? throw new ArgumentNullException(nameof(time));
        DateOrder = dateOrder;
    }

    /// <summary>How the rows are chosen.</summary>
    public HoldOutKind Kind { get; }

    /// <summary>Share of the rows that is held out, between 0 and 1; of no effect for <see cref="HoldOutKind.LastOfEach"/>, and 0 for <see cref="HoldOutKind.None"/>.</summary>
    public double Fraction { get; private init; }

    /// <summary>Column of times; null for <see cref="HoldOutKind.Random"/> and <see cref="HoldOutKind.None"/>.</summary>
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

    /// <summary>The same choice of another share, to stop training by: of <see cref="LastOfEach"/> a random part, at random where nothing is held out for a test.</summary>
    internal HoldOut OfShare(double fraction) => Kind == HoldOutKind.None ? Random(fraction) : this with { Fraction = fraction, IsShare = true };

    /// <summary>The same choice by the table's own name of the column of times.</summary>
    /// <exception cref="ArgumentException">Several columns are alike.</exception>
    internal HoldOut In(ColumnLookup columns) => Time is null ? this : this with { Time = columns.Of(Time, nameof(Time)) };

    /// <summary>Divides the rows; both parts have some, unless none are to be held out.</summary>
    /// <exception cref="ArgumentException">The rows cannot be divided so.</exception>
    internal DataSplit Split(FeatureBatch rows, string queryId, ulong seed)
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
            _ => rows.RandomSplit(1 - Fraction, seed),
        };
        return split is { Train.RowCount: > 0, Test.RowCount: > 0 } ? split : throw new ArgumentException(
            $"Of {rows.RowCount} rows {split.Train.RowCount} are to train and {split.Test.RowCount} are held out; both need at least one. Give more rows, another fraction or another kind of split.");
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
