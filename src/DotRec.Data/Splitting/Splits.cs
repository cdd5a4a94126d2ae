using System.Runtime.InteropServices;

namespace DotRec.Data;

/// <summary>Ways to hold rows out of training. Both parts keep the rows in the order of the data.</summary>
public static class Splits
{
    /// <summary>Draws the training rows at random, without replacement: round(fraction · rows) of them.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="trainFraction">Share of the rows to train on, in [0, 1].</param>
    /// <param name="seed">The same seed gives the same split, on every machine.</param>
    /// <remarks>
    /// The rows with the smallest <see cref="RowHash"/> train: a hash of row number and seed that docs/file-formats.md writes out, so that programs of any
    /// language can divide the same rows in the same way.
    /// </remarks>
    public static DataSplit RandomSplit(this FeatureBatch data, double trainFraction, ulong seed)
    {
        var trainCount = TrainCount(data, trainFraction);
        var isTrain = new bool[data.RowCount];
        foreach (var row in RowHash.Sample(data.RowCount, trainCount, seed))
        {
            isTrain[row] = true;
        }

        return Divide(data, isTrain);
    }

    /// <summary>Trains on the past: the earliest round(fraction · rows) rows train, the others test. Of rows of the same time the first are earlier.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="trainFraction">Share of the rows to train on, in [0, 1].</param>
    /// <param name="time">Name of the column of times: numbers, of which smaller ones are earlier, or texts; see <see cref="TimeColumn"/>.</param>
    /// <param name="dateOrder">Whether day or month comes first in dates such as 5/1/2024; by default it is found out.</param>
    /// <exception cref="ArgumentException">There is no such column of times.</exception>
    public static DataSplit ByTime(this FeatureBatch data, double trainFraction, string time = "timestamp", DateOrder? dateOrder = null)
    {
        var trainCount = TrainCount(data, trainFraction);
        var isTrain = new bool[data.RowCount];
        foreach (var row in TimeColumn.RowsInOrder(data[time], dateOrder).AsSpan(0, trainCount))
        {
            isTrain[row] = true;
        }

        return Divide(data, isTrain);
    }

    /// <summary>Tests on the last <paramref name="count"/> rows of each query; a query with too few rows to leave one for training only trains.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="query">Name of the string or int64 column that says whose row it is.</param>
    /// <param name="time">
    /// Name of the column of times, numbers or texts, see <see cref="TimeColumn"/>; null takes the rows to be in time order. Of rows of the same time the
    /// last is the later.
    /// </param>
    /// <param name="count">Rows held out of each query, at least 1.</param>
    /// <param name="dateOrder">Whether day or month comes first in dates such as 5/1/2024; by default it is found out.</param>
    /// <exception cref="ArgumentException">There is no such column, or it is jagged.</exception>
    public static DataSplit LeaveLastOut(this FeatureBatch data, string query = "user_id", string? time = "timestamp", int count = 1, DateOrder? dateOrder = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        var order = time is null ? Rows(data) : TimeColumn.RowsInOrder(data[time], dateOrder);
        return data[query] switch
        {
            Column<string> { Schema.IsJagged: false } queries => LeaveLastOut(data, queries.Values, order, count),
            Column<long> { Schema.IsJagged: false } queries => LeaveLastOut(data, queries.Values, order, count),
            var other => throw new ArgumentException(
                $"Column '{other.Schema}' cannot name queries: give a column of strings or int64 with one value a row.", nameof(query)),
        };
    }

    private static DataSplit LeaveLastOut<T>(FeatureBatch data, ReadOnlySpan<T> queries, int[] order, int count)
        where T : notnull
    {
        var rowsOf = new Dictionary<T, int>();
        foreach (var query in queries)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(rowsOf, query, out _)++;
        }

        var heldOutOf = new Dictionary<T, int>();
        var isTrain = new bool[queries.Length];
        for (var i = order.Length - 1; i >= 0; i--)
        {
            var query = queries[order[i]];
            ref var heldOut = ref CollectionsMarshal.GetValueRefOrAddDefault(heldOutOf, query, out _);
            isTrain[order[i]] = heldOut == count || rowsOf[query] <= count;
            heldOut += isTrain[order[i]] ? 0 : 1;
        }

        return Divide(data, isTrain);
    }

    private static int TrainCount(FeatureBatch data, double trainFraction) =>
        trainFraction is >= 0 and <= 1
            ? (int)Math.Round(trainFraction * data.RowCount, MidpointRounding.AwayFromZero)
            : throw new ArgumentOutOfRangeException(nameof(trainFraction), trainFraction, "The share of training rows lies in 0 … 1.");

    private static int[] Rows(FeatureBatch data)
    {
        var rows = new int[data.RowCount];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = row;
        }

        return rows;
    }

    private static DataSplit Divide(FeatureBatch data, bool[] isTrain)
    {
        var rows = Rows(data);
        return new DataSplit(data.Select(Array.FindAll(rows, row => isTrain[row])), data.Select(Array.FindAll(rows, row => !isTrain[row])));
    }
}
