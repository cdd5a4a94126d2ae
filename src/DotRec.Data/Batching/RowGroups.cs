using System.Runtime.InteropServices;

namespace DotRec.Data;

/// <summary>
/// Rows that belong together, such as the items shown for one query. Groups are numbered in the order of their first row; the rows of a group need not
/// be neighbours and keep their order. Immutable.
/// </summary>
public sealed class RowGroups
{
    private readonly int[] _groupOfRow;
    private readonly int[] _offsets;
    private readonly int[] _rows;

    private RowGroups(int[] groupOfRow, int count)
    {
        _groupOfRow = groupOfRow;
        _offsets = new int[count + 1];
        foreach (var group in groupOfRow)
        {
            _offsets[group + 1]++;
        }

        for (var group = 0; group < count; group++)
        {
            _offsets[group + 1] += _offsets[group];
        }

        _rows = new int[groupOfRow.Length];
        var next = _offsets.AsSpan(0, count).ToArray();
        for (var row = 0; row < groupOfRow.Length; row++)
        {
            _rows[next[groupOfRow[row]]++] = row;
        }
    }

    /// <summary>Number of groups; none is empty.</summary>
    public int Count => _offsets.Length - 1;

    /// <summary>Number of rows.</summary>
    public int RowCount => _rows.Length;

    /// <summary>The rows of a group, in ascending order.</summary>
    public ReadOnlySpan<int> this[int group] => _rows.AsSpan(_offsets[group].._offsets[group + 1]);

    /// <summary>The rows with the same value in a column.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="column">A column of strings or int64 with one value a row.</param>
    /// <exception cref="ArgumentException">There is no such column, or it is of another type.</exception>
    public static RowGroups By(FeatureBatch data, string column)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data[column] switch
        {
            Column<string> { Schema.IsJagged: false } texts => Of(texts.Values),
            Column<long> { Schema.IsJagged: false } integers => Of(integers.Values),
            var other => throw new ArgumentException(
                $"Column '{other.Schema}' cannot group rows: groups are named by strings or int64, one a row.", nameof(column)),
        };
    }

    /// <summary>The rows with the same id.</summary>
    /// <param name="ids">One a row.</param>
    public static RowGroups Of<T>(ReadOnlySpan<T> ids)
        where T : notnull
    {
        var groups = new Dictionary<T, int>();
        var groupOfRow = new int[ids.Length];
        for (var row = 0; row < ids.Length; row++)
        {
            ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, ids[row], out var exists);
            group = exists ? group : groups.Count - 1;
            groupOfRow[row] = group;
        }

        return new RowGroups(groupOfRow, groups.Count);
    }

    /// <summary>Groups of equal length, one after another: the rows of a [count, length] matrix.</summary>
    public static RowGroups OfLength(int length, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var groupOfRow = new int[checked(length * count)];
        for (var row = 0; row < groupOfRow.Length; row++)
        {
            groupOfRow[row] = row / length;
        }

        return new RowGroups(groupOfRow, count);
    }

    /// <summary>The groups of a selection of rows, numbered anew; of a group only the selected rows are there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public RowGroups Select(ReadOnlySpan<int> rows)
    {
        var ids = new int[rows.Length];
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i] = (uint)rows[i] < (uint)RowCount
                ? _groupOfRow[rows[i]]
                : throw new ArgumentOutOfRangeException(nameof(rows), rows[i], $"There are {RowCount} rows, numbered from 0.");
        }

        return Of<int>(ids);
    }
}
