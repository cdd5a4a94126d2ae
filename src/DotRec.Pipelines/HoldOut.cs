using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>Which rows are held out of training: any, the latest, or the last of each query.</summary>
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
        Fraction = fraction is > 0 and < 1 ? fraction : throw new ArgumentOutOfRangeException(
            nameof(fraction), fraction, "The share of the rows to hold out lies between 0 and 1, both excluded.");
        Time = kind == HoldOutKind.Random ? time : time ?? throw new ArgumentNullException(nameof(time));
        DateOrder = dateOrder;
    }

    /// <summary>How the rows are chosen.</summary>
    public HoldOutKind Kind { get; }

    /// <summary>Share of the rows that is held out, between 0 and 1; of no effect for <see cref="HoldOutKind.LastOfEach"/>.</summary>
    public double Fraction { get; private init; }

    /// <summary>Column of times; null for <see cref="HoldOutKind.Random"/>.</summary>
    public string? Time { get; }

    /// <summary>Whether day or month comes first in dates of numbers; null to find out from the column.</summary>
    public DateOrder? DateOrder { get; }

    /// <summary>Rows drawn at random, by the seed of the pipeline.</summary>
    /// <param name="fraction">Their share of the rows, between 0 and 1, both excluded.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is none.</exception>
    public static HoldOut Random(double fraction) => new(HoldOutKind.Random, fraction, time: null, dateOrder: null);

    /// <summary>The latest rows: what a model that is trained today meets tomorrow.</summary>
    /// <param name="fraction">Their share of the rows, between 0 and 1, both excluded.</param>
    /// <param name="time">Column of times: numbers or texts of dates.</param>
    /// <param name="dateOrder">Whether day or month comes first in dates such as 5/1/2024; null to find out from the column.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is none.</exception>
    public static HoldOut Latest(double fraction, string time, DateOrder? dateOrder = null) => new(HoldOutKind.Latest, fraction, time, dateOrder);

    /// <summary>The last row of each query; only retrieval knows queries.</summary>
    /// <param name="time">Column of times: numbers or texts of dates.</param>
    /// <param name="dateOrder">Whether day or month comes first in dates such as 5/1/2024; null to find out from the column.</param>
    public static HoldOut LastOfEach(string time, DateOrder? dateOrder = null) => new(HoldOutKind.LastOfEach, 0.5, time, dateOrder);

    /// <summary>The same choice of another share.</summary>
    internal HoldOut OfShare(double fraction) => this with { Fraction = fraction };

    /// <summary>Divides the rows; both parts have some.</summary>
    /// <exception cref="ArgumentException">The rows cannot be divided so.</exception>
    internal DataSplit Split(FeatureBatch rows, string queryId, ulong seed)
    {
        if (Time is not null && !(rows.TryGet(Time, out var times) && TimeColumn.CanHoldTimes(times)))
        {
            throw InvalidOption.Named(nameof(Time), $"To hold out rows by time, a column of times is needed; '{Time}' is none. The columns are: {string.Join(", ", rows.Schema)}.");
        }

        var split = Kind switch
        {
            HoldOutKind.Latest => rows.ByTime(1 - Fraction, Time!, DateOrder),
            HoldOutKind.LastOfEach => rows.LeaveLastOut(queryId, Time!, dateOrder: DateOrder),
            _ => rows.RandomSplit(1 - Fraction, seed),
        };
        return split is { Train.RowCount: > 0, Test.RowCount: > 0 } ? split : throw new ArgumentException(
            $"Of {rows.RowCount} rows {split.Train.RowCount} are to train and {split.Test.RowCount} are held out; both need at least one. Give more rows, another fraction or another kind of split.");
    }
}
