using CsCheck;

namespace DotRec.Data.Tests;

public class ColumnConversionTests
{
    [Fact]
    public void Whole_floats_are_the_integers_and_texts_that_they_stand_for()
    {
        var stores = new Column<double>("store", [17, -3, 0, 4_294_967_296]);
        Assert.Equal([17L, -3, 0, 4_294_967_296], ((Column<long>)stores.ConvertTo(ColumnType.Int64)).Values.ToArray());
        Assert.Equal(["17", "-3", "0", "4294967296"], ((Column<string>)stores.ConvertTo(ColumnType.String)).Values.ToArray());
        Assert.Equal(["17", "", "0.1"], ((Column<string>)new Column<float>("store", [17, float.NaN, 0.1f]).ConvertTo(ColumnType.String)).Values.ToArray());
    }

    [Fact]
    public void A_decimal_is_the_same_number_in_both_widths()
    {
        Assert.Equal([0.1, 0.7, double.NaN, double.NegativeInfinity], Doubles(new Column<float>("x", [0.1f, 0.7f, float.NaN, float.NegativeInfinity])));
        Assert.Equal([0.1f, 0.7f, float.NaN], ((Column<float>)new Column<double>("x", [0.1, 0.7, double.NaN]).ConvertTo(ColumnType.Float32)).Values.ToArray());
    }

    [Fact]
    public void A_column_of_the_type_is_given_back_itself_and_lists_keep_their_rows()
    {
        var lists = new Column<long>("l", [1, 2, 3], [0, 2, 2, 3]);
        Assert.Same(lists, lists.ConvertTo(ColumnType.Int64));
        var texts = (Column<string>)lists.ConvertTo(ColumnType.String);
        Assert.Equal(["1", "2"], texts.Row(0).ToArray());
        Assert.True(texts.Row(1).IsEmpty);
    }

    [Fact]
    public void What_does_not_fit_is_told_by_row_and_value()
    {
        Refused("Column 'n: Float64' cannot be read as Int64: row 2 has 0.5, expected a whole number of 64 bits.", new Column<double>("n", [1, 0.5]), ColumnType.Int64);
        Refused("Column 'n: Float32' cannot be read as Int64: row 1 has no value, expected a whole number of 64 bits.", new Column<float>("n", [float.NaN]), ColumnType.Int64);
        Refused("Column 'n: Float64' cannot be read as Int64: row 1 has 9.223372036854776E+18, expected a whole number of 64 bits.", new Column<double>("n", [9223372036854775808.0]), ColumnType.Int64);
        Refused("Column 'n: Float64' cannot be read as Float32: row 1 has 1E+300, expected a number that 32-bit floats reach.", new Column<double>("n", [1e300]), ColumnType.Float32);
        Refused("Column 'n: String' cannot be read as Int64: row 2 has '007', expected a whole number of 64 bits.", new Column<string>("n", ["7", "007"]), ColumnType.Int64);
        Refused("Column 'n: String[]' cannot be read as Float64: row 3 has 'x', expected a number.", new Column<string>("n", ["1", "x"], [0, 1, 1, 2]), ColumnType.Float64);
    }

    [Fact]
    public void Numbers_come_back_from_their_texts() => Gen.Select(Gen.Double, Gen.Single, Gen.Long).Sample((wide, narrow, integer) =>
    {
        Assert.Equal(wide, Doubles(new Column<double>("x", [wide]).ConvertTo(ColumnType.String))[0]);
        Assert.Equal(narrow, ((Column<float>)new Column<float>("x", [narrow]).ConvertTo(ColumnType.String).ConvertTo(ColumnType.Float32)).Values[0]);
        Assert.Equal(narrow, ((Column<float>)new Column<float>("x", [narrow]).ConvertTo(ColumnType.Float64).ConvertTo(ColumnType.Float32)).Values[0]);
        Assert.Equal(integer, ((Column<long>)new Column<long>("x", [integer]).ConvertTo(ColumnType.String).ConvertTo(ColumnType.Int64)).Values[0]);
    });

    private static double[] Doubles(Column column) => ((Column<double>)column.ConvertTo(ColumnType.Float64)).Values.ToArray();

    private static void Refused(string message, Column column, ColumnType type) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => column.ConvertTo(type)).Message);
}
