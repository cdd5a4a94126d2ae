using System.Globalization;
using CsCheck;

namespace DotRec.Data.Tests;

public class FormattedNumbersTests
{
    [Theory]
    [InlineData("1,619.84|242.38|12,345,678.9", new[] { 1619.84, 242.38, 12345678.9 })]
    [InlineData("1,234|567|12,001", new[] { 1234.0, 567, 12001 })]
    [InlineData("$1,619.84|$242|-$3.50|$-4", new[] { 1619.84, 242, -3.5, -4 })]
    [InlineData("1.619,84 €|242 €|0,5 €", new[] { 1619.84, 242, 0.5 })]
    [InlineData("EUR 1.5|EUR 22", new[] { 1.5, 22 })]
    [InlineData("12 %|0.5%|-3 %", new[] { 12, 0.5, -3 })]
    [InlineData("1 234,5|12|1 000 000,25", new[] { 1234.5, 12, 1000000.25 })]
    [InlineData("1\u00A0234,5|12", new[] { 1234.5, 12 })]
    [InlineData("1'234.50|99", new[] { 1234.5, 99 })]
    [InlineData("(1,234.50)|7", new[] { -1234.5, 7 })]
    [InlineData("3,5|12,75|100", new[] { 3.5, 12.75, 100 })]
    [InlineData("0,750|1,250", new[] { 0.75, 1.25 })]
    [InlineData("1.234.567|999.000", new[] { 1234567.0, 999000 })]
    [InlineData("1,234.5|NA||-|7", new[] { 1234.5, double.NaN, double.NaN, double.NaN, 7 })]
    [InlineData(".5|-.25|1.", new[] { 0.5, -0.25, 1 })]
    public void Numbers_as_people_write_them_are_read(string texts, double[] expected)
    {
        var (numbers, note) = Read(texts.Split('|'));
        Assert.NotNull(numbers);
        Assert.Equal(expected, ((Column<double>)numbers.ConvertTo(ColumnType.Float64)).Values.ToArray());
        Assert.StartsWith("column 'v' is read as numbers: '", note);
    }

    [Theory]
    [InlineData("00501|1,234")]
    [InlineData("101,202|103,204,305")]
    [InlineData("555 123 456|555 765 432")]
    [InlineData("1.2.3|1.2.4")]
    [InlineData("192.168.100.200|10.0.0.1")]
    [InlineData("12:30|13:45")]
    [InlineData("1,2,3|4,5")]
    [InlineData("$5|€5")]
    [InlineData("5%|0.5")]
    [InlineData("1,5|1.5")]
    [InlineData("+1,234.5|2")]
    [InlineData("99999999999999999999|1,234")]
    [InlineData("1,234.5|x")]
    [InlineData("12,34,567|1,234")]
    [InlineData("|NA")]
    [InlineData("1,234.567.890")]
    [InlineData("2024-01-05|2024-01-06")]
    [InlineData("05.01.2024")]
    [InlineData("4111 1111 1111 1111")]
    public void Names_and_what_is_not_sure_stay_texts(string texts) => Assert.Null(Read(texts.Split('|')).Numbers);

    [Fact]
    public void What_could_be_thousands_or_decimals_is_left_and_said()
    {
        var (numbers, note) = Read(["1,234", "12,500"], commasAreThousands: null);
        Assert.Null(numbers);
        Assert.StartsWith("column 'v' holds texts such as '1,234', which may be thousands or decimals", note);
        Assert.Null(Read(["€ 1.234", "€ 12.500"]).Numbers);

        Assert.Equal([1.234, 12.5], Doubles(Read(["1,234", "12,500"], decimalSeparator: ',').Numbers!));
        Assert.Equal([1234.0, 12500], Doubles(Read(["1,234", "12,500"], decimalSeparator: '.').Numbers!));
        Assert.Equal([1234.0, 12500], Doubles(Read(["€ 1.234", "€ 12.500"], decimalSeparator: ',').Numbers!));
    }

    [Fact]
    public void The_narrowest_type_that_keeps_all_numbers_is_taken()
    {
        Assert.Equal(ColumnType.Int64, Read(["1,234", "5"]).Numbers!.Schema.Type);
        Assert.Equal(ColumnType.Float32, Read(["1,234.5", "5"]).Numbers!.Schema.Type);
        Assert.Equal(ColumnType.Float64, Read(["1,511,602,859.5", "5"]).Numbers!.Schema.Type);
    }

    [Fact]
    public void Separators_change_no_number() =>
        Gen.Select(Gen.Long[-99_999_999_999, 99_999_999_999].Array[2, 20], Gen.Int[1, 4], Gen.OneOf(",.", ".,", " ,", "\u202F,", "'.", "\u2019,"), Gen.OneOf("", "$", " €", "%", "CHF "))
            .Sample((units, decimals, separators, sign) =>
            {
                var format = new NumberFormatInfo { NumberGroupSeparator = separators[..1], NumberDecimalSeparator = separators[1..], NumberGroupSizes = [3] };
                var expected = Array.ConvertAll(units, unit => double.Parse(Plain(unit, decimals), CultureInfo.InvariantCulture));
                var texts = Array.ConvertAll(units, unit =>
                {
                    var text = ((decimal)unit / (decimal)Math.Pow(10, decimals)).ToString($"N{decimals}", format);
                    return sign is "$" or "CHF " ? sign + text : text + sign;
                });
                var numbers = Read(texts, decimalSeparator: separators[1]).Numbers;
                Assert.NotNull(numbers);
                Assert.Equal(expected, Doubles(numbers));
            });

    private static string Plain(long unit, int decimals) => ((decimal)unit / (decimal)Math.Pow(10, decimals)).ToString(CultureInfo.InvariantCulture);

    private static double[] Doubles(Column column) => ((Column<double>)column.ConvertTo(ColumnType.Float64)).Values.ToArray();

    private static (Column? Numbers, string? Note) Read(string[] texts, char? decimalSeparator = null, bool? commasAreThousands = true)
    {
        var numbers = FormattedNumbers.TryRead(
            new Column<string>("v", texts), new MissingWords(CsvOptions.DefaultMissingWords), decimalSeparator, commasAreThousands, isNumber: false, out var note);
        return (numbers, note);
    }
}
