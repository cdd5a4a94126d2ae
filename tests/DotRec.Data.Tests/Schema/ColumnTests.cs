using CsCheck;

namespace DotRec.Data.Tests;

public class ColumnTests
{
    internal static readonly Gen<Column<long>> Plain = Gen.Long.Array[0, 20].Select(values => new Column<long>("c", values));

    internal static readonly Gen<Column<long>> Jagged = Gen.Long.Array[0, 4].Array[0, 20].Select(FromRows);

    private static readonly Gen<Column<long>> Any = Gen.OneOf(Plain, Jagged);

    [Fact]
    public void Selected_rows_are_the_rows_named() =>
        Gen.Select(Any.Where(column => column.RowCount > 0), Gen.Int[0, 999].Array[0, 30]).Sample((column, numbers) =>
        {
            var rows = Array.ConvertAll(numbers, number => number % column.RowCount);
            var selected = (Column<long>)column.Select(rows);
            Assert.Equal(column.Schema, selected.Schema);
            Assert.Equal(rows.Select(row => column.Row(row).ToArray()), Rows(selected));
        });

    [Fact]
    public void A_slice_is_the_selection_of_its_rows() =>
        Gen.Select(Any, Gen.Int[0, 20], Gen.Int[0, 20]).Sample((column, start, count) =>
        {
            start = Math.Min(start, column.RowCount);
            count = Math.Min(count, column.RowCount - start);
            Assert.Equal(Rows((Column<long>)column.Select(Enumerable.Range(start, count).ToArray())), Rows((Column<long>)column.Slice(start, count)));
        });

    [Fact]
    public void Concatenating_slices_gives_the_column_back() =>
        Gen.Select(Any, Gen.Int[0, 20], Gen.Int[0, 20]).Sample((column, first, second) =>
        {
            var (low, high) = (Math.Min(Math.Min(first, second), column.RowCount), Math.Min(Math.Max(first, second), column.RowCount));
            var whole = (Column<long>)Column.Concatenate(column.Slice(0, low), column.Slice(low, high - low), column.Slice(high, column.RowCount - high));
            Assert.Equal(Rows(column), Rows(whole));
            Assert.Equal(column.Offsets.ToArray(), whole.Offsets.ToArray());
        });

    [Fact]
    public void Renaming_changes_the_name_only() => Any.Sample(column =>
    {
        var renamed = (Column<long>)column.Rename("d");
        Assert.Equal(column.Schema with { Name = "d" }, renamed.Schema);
        Assert.Equal(Rows(column), Rows(renamed));
    });

    [Fact]
    public void Rows_that_are_not_there_are_refused_by_number()
    {
        var column = new Column<long>("c", [1, 2, 3]);
        Assert.StartsWith("Column 'c' has 3 rows, numbered from 0: there is no row 3.", Assert.Throws<ArgumentOutOfRangeException>(() => column.Row(3)).Message);
        Assert.StartsWith("Column 'c' has 3 rows, numbered from 0: there is no row -1.", Assert.Throws<ArgumentOutOfRangeException>(() => column.Select([0, -1])).Message);
        Assert.StartsWith("Column 'c' has 3 rows: it has no 2 rows from row 2 on.", Assert.Throws<ArgumentOutOfRangeException>(() => column.Slice(2, 2)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => column.Slice(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => column.Slice(-1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => column.Slice(int.MaxValue, int.MaxValue));
    }

    [Fact]
    public void Offsets_that_do_not_describe_the_values_are_refused()
    {
        Assert.StartsWith("Offsets of column 'c' must start at 0 and end at 2", Assert.Throws<ArgumentException>(() => new Column<long>("c", [1, 2], [0, 1])).Message);
        Assert.StartsWith("Offsets of column 'c' must start at 0 and end at 2", Assert.Throws<ArgumentException>(() => new Column<long>("c", [1, 2], [])).Message);
        Assert.StartsWith("Offsets of column 'c' fall from 2 to 1 at row 1.", Assert.Throws<ArgumentException>(() => new Column<long>("c", [1, 2], [0, 2, 1, 2])).Message);
    }

    [Fact]
    public void Values_of_other_types_are_refused()
    {
        Assert.StartsWith("A feature column holds string, long, float or double values, not Decimal.", Assert.Throws<NotSupportedException>(() => new Column<decimal>("c", [])).Message);
        Assert.StartsWith(
            "Columns of different types cannot be concatenated: 'c: Int64' and 'c: Int64[]'.",
            Assert.Throws<ArgumentException>(() => Column.Concatenate(new Column<long>("c", []), new Column<long>("c", [], [0]))).Message);
        Assert.StartsWith("Concatenating needs at least one column.", Assert.Throws<ArgumentException>(() => Column.Concatenate()).Message);
    }

    internal static Column<long> FromRows(long[][] rows)
    {
        var offsets = new int[rows.Length + 1];
        for (var row = 0; row < rows.Length; row++)
        {
            offsets[row + 1] = offsets[row] + rows[row].Length;
        }

        return new Column<long>("c", [.. rows.SelectMany(row => row)], offsets);
    }

    private static long[][] Rows(Column<long> column) => [.. Enumerable.Range(0, column.RowCount).Select(row => column.Row(row).ToArray())];
}
