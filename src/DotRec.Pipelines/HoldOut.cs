using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>Which rows are held out of training.</summary>
/// <param name="Kind">How they are chosen: one of the kinds below.</param>
/// <param name="Fraction">Their share of the rows; of no effect for <see cref="Last"/>.</param>
/// <param name="QueryId">Column that tells who chose.</param>
/// <param name="Time">Column of times; of no effect for <see cref="Random"/>.</param>
/// <param name="DateOrder">Whether day or month comes first in dates of numbers; null to find out.</param>
internal sealed record HoldOut(string Kind, double Fraction, string QueryId, string Time, DateOrder? DateOrder = null)
{
    /// <summary>Rows drawn at random.</summary>
    public const string Random = "random";

    /// <summary>The latest rows.</summary>
    public const string Latest = "time";

    /// <summary>The last row of each query.</summary>
    public const string Last = "last";

    /// <summary>Divides the rows; both parts have some.</summary>
    /// <exception cref="ArgumentException">The rows cannot be divided so.</exception>
    public DataSplit Split(FeatureBatch rows, ulong seed)
    {
        if (Kind != Random && !(rows.TryGet(Time, out var times) && TimeColumn.CanHoldTimes(times)))
        {
            throw InvalidOption.Named(nameof(Time), $"To hold out rows by time, a column of times is needed; '{Time}' is none. The columns are: {string.Join(", ", rows.Schema)}.");
        }

        var split = Kind switch
        {
            Latest => rows.ByTime(1 - Fraction, Time, DateOrder),
            Last => rows.LeaveLastOut(QueryId, Time, dateOrder: DateOrder),
            _ => rows.RandomSplit(1 - Fraction, seed),
        };
        return split is { Train.RowCount: > 0, Test.RowCount: > 0 } ? split : throw new ArgumentException(
            $"Of {rows.RowCount} rows {split.Train.RowCount} are to train and {split.Test.RowCount} are held out; both need at least one. Give more rows, another fraction or another kind of split.");
    }
}
