using System.Text;
using CsCheck;

namespace DotRec.Data.Tests;

public class DelimitedReaderTests
{
    private static readonly Gen<string> Text = Gen.String[Gen.Char["ab,:|\"\n\r\té€\0"], 0, 12];

    [Fact]
    public void Whatever_is_written_with_quotes_is_read_back_at_any_buffer_length() =>
        Gen.Select(Text.Array[1, 5].Array[0, 12], Gen.Int[4, 80], Gen.OneOf(",", "::", "\t"), Gen.OneOf("\n", "\r\n"), Gen.Bool)
            .Sample((records, bufferLength, delimiter, lineEnd, endsInLineEnd) =>
            {
                var lines = records.Select(record => string.Join(delimiter, record.Select(field => $"\"{field.Replace("\"", "\"\"")}\"")));
                var text = string.Join(lineEnd, lines) + (endsInLineEnd ? lineEnd : null);

                Assert.Equal(records, Read(text, delimiter, quotes: true, bufferLength));
            });

    [Fact]
    public void Unquoted_text_splits_like_string_split_at_any_buffer_length() =>
        Gen.Select(Gen.String[Gen.Char["ab:,\"é\n"], 0, 300], Gen.Int[4, 80], Gen.OneOf(",", "::")).Sample((text, bufferLength, delimiter) =>
        {
            var expected = text.Split('\n').Where(line => line.Length > 0).Select(line => line.Split(delimiter));
            Assert.Equal(expected, Read(text, delimiter, quotes: false, bufferLength));
        });

    [Fact]
    public void Lines_are_counted_through_blank_lines_and_quoted_line_ends()
    {
        using var reader = Open("a\n\n\"b\nb\"\r\n\r\nc", ",", quotes: true, 4);
        var lines = new List<long>();
        while (reader.Read())
        {
            lines.Add(reader.Line);
        }

        Assert.Equal([1, 3, 6], lines);
    }

    [Theory]
    [InlineData("a,b\n", "a|b")]
    [InlineData("a,\n", "a|")]
    [InlineData(",\n", "|")]
    [InlineData("a,b", "a|b")]
    [InlineData("a,", "a|")]
    [InlineData("\"\"\n", "")]
    [InlineData("\"\",\"\"\"\"\n", "|\"")]
    [InlineData("5'11\",x\n", "5'11\"|x")]
    [InlineData("\uFEFFa,b\n", "a|b")]
    [InlineData("\uFEFF\"a\",b\n", "a|b")]
    public void A_record_has_these_fields(string text, string fields) => Assert.Equal([fields.Split('|')], Read(text, ",", quotes: true, 64));

    [Theory]
    [InlineData("")]
    [InlineData("\n\r\n\n")]
    [InlineData("\uFEFF")]
    public void Text_without_a_record_has_none(string text) => Assert.Empty(Read(text, ",", quotes: true, 4));

    [Fact]
    public void An_unread_record_comes_again_once()
    {
        using var reader = Open("a\nb\n", ",", quotes: true, 64);
        Assert.True(reader.Read());
        reader.Unread();
        Assert.True(reader.Read());
        Assert.Equal("a", Encoding.UTF8.GetString(reader[0]));
        Assert.True(reader.Read());
        Assert.Equal("b", Encoding.UTF8.GetString(reader[0]));
        Assert.False(reader.Read());
        Assert.False(reader.Read());
    }

    [Fact]
    public void A_record_longer_than_the_buffer_makes_it_grow()
    {
        var field = new string('x', 1 << 20);
        Assert.Equal([[field, "y"]], Read($"{field},y\n", ",", quotes: true, 4));
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("")]
    public void A_record_without_end_is_refused_before_it_fills_the_memory(string start)
    {
        var text = new byte[DelimitedReader.MaximumRecordLength * 3];
        text.AsSpan().Fill((byte)'x');
        Encoding.ASCII.GetBytes(start).CopyTo(text, 0);

        var error = Assert.Throws<DataFormatException>(() => new DelimitedReader(new MemoryStream(text), "f", ","u8).Read());

        Assert.Equal("f, line 1: found a record longer than 16 MiB, expected lines of text. Is a quoted field not closed, or is this no text file?", error.Message);
    }

    private static string[][] Read(string text, string delimiter, bool quotes, int bufferLength)
    {
        using var reader = Open(text, delimiter, quotes, bufferLength);
        var records = new List<string[]>();
        while (reader.Read())
        {
            records.Add([.. Enumerable.Range(0, reader.FieldCount).Select(field => Encoding.UTF8.GetString(reader[field]))]);
        }

        return [.. records];
    }

    private static DelimitedReader Open(string text, string delimiter, bool quotes, int bufferLength) =>
        new(new MemoryStream(Encoding.UTF8.GetBytes(text)), "f", Encoding.UTF8.GetBytes(delimiter), quotes, bufferLength);
}
