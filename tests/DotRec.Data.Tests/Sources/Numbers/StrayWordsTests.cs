using System.Globalization;

namespace DotRec.Data.Tests;

/// <summary>A few words make a column of numbers text; that is told, with the first one's line.</summary>
public class StrayWordsTests
{
    private const int Rows = 2000;

    [Theory]
    [InlineData("nil")]
    [InlineData("(null)")]
    [InlineData("NaT")]
    [InlineData("<NA>")]
    [InlineData("#N/A")]
    public void Words_that_can_only_mean_missing_are_missing_numbers(string word)
    {
        var (column, notes) = Read(row => row % 20 == 3 ? word : Number(row));
        Assert.Equal(Rows / 20, Assert.IsType<Column<float>>(column).Values.ToArray().Count(float.IsNaN));
        Assert.Empty(notes);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("missing")]
    [InlineData("12.50 kg")]
    [InlineData("1,23,456.50")]
    public void Other_words_leave_text_and_are_named(string word)
    {
        var (column, notes) = Read(row => row % 20 == 3 ? word : Number(row));
        Assert.IsType<Column<string>>(column);
        Assert.Equal(
            $"column 'v' is read as text: 1,900 of its values are numbers, 100 are not, such as '{word}', first in line 5 of f.csv. Words for a missing number are to be named (--missing \"{word}\"); --numbers v refuses what is no number.".Replace(
                $"\"{word}\"", word.Contains(' ', StringComparison.Ordinal) ? $"\"{word}\"" : word, StringComparison.Ordinal),
            Assert.Single(notes));
    }

    [Theory]
    [InlineData(true, 1902)]
    [InlineData(false, 1903)]
    public void One_word_far_down_is_found_by_its_line(bool isPlain, int line)
    {
        // A field of two lines above it: its line is not its row.
        var (column, notes) = Read(row => row == 1900 ? "oops" : Number(row), isPlain ? "x" : "\"a\nb\"");
        Assert.IsType<Column<string>>(column);
        Assert.Contains($"1,999 of its values are numbers, 1 is not, such as 'oops', first in line {line} of f.csv.", Assert.Single(notes), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inf")]
    [InlineData("-inf")]
    [InlineData("Infinity")]
    public void An_infinite_number_among_numbers_is_an_error_that_names_its_line(string word) => Assert.StartsWith(
        "f.csv, line 1902, column 1 'v': found an infinite number, expected a finite one. Write that, leave the field empty,",
        Assert.Throws<DataFormatException>(() => Read(row => row == 1900 ? word : Number(row))).Message);

    [Fact]
    public void Where_fewer_than_nine_in_ten_are_numbers_it_is_a_column_of_texts()
    {
        var (column, notes) = Read(row => row % 9 == 3 ? "inf" : Number(row));
        Assert.IsType<Column<string>>(column);
        Assert.Empty(notes);
    }

    [Fact]
    public void Names_of_digits_are_no_numbers()
    {
        Assert.Empty(Read(row => row % 20 == 3 ? "none yet" : row.ToString("D6", CultureInfo.InvariantCulture)).Notes);
        Assert.Empty(Read(row => row % 20 == 3 ? "none yet" : Number(row), name: "item_id").Notes);
    }

    private static string Number(int row) => ((row * 37 % 400) + 0.5).ToString(CultureInfo.InvariantCulture);

    private static (Column Column, List<string> Notes) Read(Func<int, string> value, string first = "x", string name = "v")
    {
        var notes = new List<string>();
        var text = $"{name}\tother\n" + string.Concat(Enumerable.Range(0, Rows).Select(row => $"{value(row)}\t{(row == 0 ? first : "x")}\n"));
        var data = CsvTests.Read(text, new CsvOptions { Note = notes.Add });
        return (data[name], notes);
    }
}
