using System.Runtime.InteropServices;

namespace DotRec.Data;

/// <summary>What data sets made of several tables need: one row for each value, and the columns of one table brought to the rows of another.</summary>
public static class Joins
{
    /// <summary>The first row of each different value of column <paramref name="name"/>, in row order.</summary>
    /// <exception cref="ArgumentException">There is no such column, or it is jagged or of floats.</exception>
    public static FeatureBatch DistinctBy(this FeatureBatch data, string name) => data[name] switch
    {
        Column<string> { Schema.IsJagged: false } keys => data.Select(Distinct(keys)),
        Column<long> { Schema.IsJagged: false } keys => data.Select(Distinct(keys)),
        var other => throw NoKey(other),
    };

    /// <summary>Adds the columns of <paramref name="other"/> to these rows, each row getting the row of <paramref name="other"/> with the same key.</summary>
    /// <param name="data">The rows that stay, in their order.</param>
    /// <param name="other">A table with the key column, each key once, and further columns under names of their own.</param>
    /// <param name="on">Name of the key column: strings or int64, in both tables.</param>
    /// <exception cref="ArgumentException">The key column is missing or of different types, a key is not in the other table or is there twice.</exception>
    public static FeatureBatch Join(this FeatureBatch data, FeatureBatch other, string on)
    {
        var key = other[on];
        var rows = (data[on], key) switch
        {
            (Column<string> { Schema.IsJagged: false } left, Column<string> { Schema.IsJagged: false } right) => Match(left, right),
            (Column<long> { Schema.IsJagged: false } left, Column<long> { Schema.IsJagged: false } right) => Match(left, right),
            var (left, right) when left.Schema != right.Schema =>
                throw new ArgumentException($"The key columns of a join must have one type, not '{left.Schema}' and '{right.Schema}'.", nameof(on)),
            var (left, _) => throw NoKey(left),
        };
        return new FeatureBatch([.. data.Columns, .. other.Columns.Where(column => column != key).Select(column => column.Select(rows))]);
    }

    private static int[] Match<T>(Column<T> left, Column<T> right)
        where T : notnull
    {
        var byKey = FirstRows(right);
        if (byKey.Count < right.RowCount)
        {
            var seen = new HashSet<T>();
            foreach (var key in right.Values)
            {
                if (!seen.Add(key))
                {
                    throw new ArgumentException($"A join needs each '{right.Name}' once in the table that is joined, but {key} is there twice.");
                }
            }
        }

        var rows = new int[left.RowCount];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = byKey.TryGetValue(left.Values[row], out var match)
                ? match
                : throw new ArgumentException($"Row {row} has '{left.Name}' {left.Values[row]}, which is not in the table that is joined.");
        }

        return rows;
    }

    private static int[] Distinct<T>(Column<T> keys)
        where T : notnull
    {
        var seen = new HashSet<T>();
        var rows = new List<int>();
        for (var row = 0; row < keys.RowCount; row++)
        {
            if (seen.Add(keys.Values[row]))
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }

    private static Dictionary<T, int> FirstRows<T>(Column<T> keys)
        where T : notnull
    {
        var rows = new Dictionary<T, int>();
        for (var row = 0; row < keys.RowCount; row++)
        {
            ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(rows, keys.Values[row], out var exists);
            first = exists ? first : row;
        }

        return rows;
    }

    private static ArgumentException NoKey(Column column) =>
        new($"Column '{column.Schema}' cannot be a key: keys are columns of strings or int64 with one value a row.");
}
