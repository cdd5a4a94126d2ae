using System.Globalization;
using System.Text;
using CsCheck;

namespace DotRec.Data.Tests;

public class NumberParserTests
{
    [Fact]
    public void Integers_read_as_the_runtime_reads_them() =>
        Gen.OneOf(Gen.Long.Select(value => value.ToString(CultureInfo.InvariantCulture)), Gen.String[Gen.Char["0123456789+-. e"], 0, 21]).Sample(text =>
        {
            var expected = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value);
            Assert.Equal(expected, NumberParser.TryInt64(Encoding.ASCII.GetBytes(text), out var read));
            Assert.Equal(expected ? value : 0, expected ? read : 0);
        });

    [Fact]
    public void Floats_are_the_nearest_to_the_decimal() =>
        Gen.OneOf(
                Gen.Float.Select(value => value.ToString("R", CultureInfo.InvariantCulture)),
                Gen.Double.Select(value => value.ToString("R", CultureInfo.InvariantCulture)),
                Gen.Select(Gen.Long[0, 999_999_999_999_999], Gen.Int[0, 20]).Select((digits, point) => Decimal(digits, point)),
                HalfWay,
                Gen.String[Gen.Char["0123456789+-.e"], 0, 9])
            .Sample(text =>
            {
                var expected = float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && (float.IsFinite(value) || text.Contains('I'));
                Assert.Equal(expected, NumberParser.TryFloat32(Encoding.ASCII.GetBytes(text), out var read));
                Assert.Equal(expected ? BitConverter.SingleToInt32Bits(value) : 0, expected ? BitConverter.SingleToInt32Bits(read) : 0);
            });

    // Decimals at and next to the middle between two floats, where rounding twice would go wrong.
    private static readonly Gen<string> HalfWay = Gen.Select(Gen.Int[1 << 23, (1 << 24) - 1], Gen.Int[0, 6], Gen.Int[-1, 1]).Select((mantissa, shift, nudge) =>
        ((((decimal)mantissa + 0.5m) / (1 << shift)) + (nudge * 0.0000001m)).ToString(CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("1e99")]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    [InlineData("9999999999999999999999999999999999999999")]
    public void What_is_no_float_is_refused(string text) => Assert.False(NumberParser.TryFloat32(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Words_for_numbers_are_read()
    {
        Assert.True(NumberParser.TryFloat32("NaN"u8, out var nan) && float.IsNaN(nan));
        Assert.True(NumberParser.TryFloat32("-Infinity"u8, out var infinity) && float.IsNegativeInfinity(infinity));
    }

    private static string Decimal(long digits, int point)
    {
        var text = digits.ToString(CultureInfo.InvariantCulture).PadLeft(point + 1, '0');
        return point == 0 ? text : $"{text[..^point]}.{text[^point..]}";
    }
}
