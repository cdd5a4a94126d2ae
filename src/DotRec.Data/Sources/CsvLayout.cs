using System.Text;

namespace DotRec.Data;

/// <summary>How a delimited file is written: what stands between its fields, and whether its first line only says so.</summary>
/// <param name="File">The file.</param>
/// <param name="Options">What is known of it.</param>
/// <param name="Delimiter">What stands between fields.</param>
/// <param name="HasDelimiterLine">True when the first line is "sep=;", which Excel reads and writes.</param>
internal sealed record CsvLayout(DataFile File, CsvOptions Options, string Delimiter, bool HasDelimiterLine)
{
    private const string DelimiterLine = "sep=";

    // Lines looked at to find the delimiter, and the bytes they are taken from.
    private const int SampleLines = 100;
    private const int SampleLength = 1 << 16;

    /// <exception cref="DataFormatException">The file is no text.</exception>
    /// <exception cref="ArgumentException">The options' delimiter cannot divide fields.</exception>
    public static CsvLayout Of(DataFile file, CsvOptions options)
    {
        if (options.DecimalSeparator is not (null or '.' or ','))
        {
            throw new ArgumentException($"'{options.DecimalSeparator}' cannot be a decimal separator: give '.' or ','.", nameof(options));
        }

        var sample = Sample(file, options);
        var firstLine = FirstLine(sample);
        var said = firstLine.StartsWith(DelimiterLine, StringComparison.OrdinalIgnoreCase) && firstLine.Length > DelimiterLine.Length
            ? firstLine[DelimiterLine.Length..]
            : null;
        var delimiter = options.Delimiter ?? said ?? Found(sample, firstLine, file, options);
        Check(delimiter, options.ListDelimiter);
        return new CsvLayout(file, options, delimiter, said is not null);
    }

    /// <summary>A reader that stands before the header line, or before the data where there is none.</summary>
    public DelimitedReader Open()
    {
        var reader = new DelimitedReader(TextStream.Open(File, Options.Encoding), File.Name, Encoding.ASCII.GetBytes(Delimiter), Options.Quotes);
        if (HasDelimiterLine)
        {
            reader.Read();
        }

        return reader;
    }

    private static byte[] Sample(DataFile file, CsvOptions options)
    {
        using var stream = TextStream.Open(file, options.Encoding);
        var sample = new byte[SampleLength];
        var length = stream.ReadAtLeast(sample, SampleLength, throwOnEndOfStream: false);
        if (length == SampleLength && Array.LastIndexOf(sample, (byte)'\n') is > 0 and var end)
        {
            length = end + 1;
        }

        return sample[..length];
    }

    private static string FirstLine(byte[] sample)
    {
        using var reader = new DelimitedReader(new MemoryStream(sample), "", "\0"u8, quotes: false);
        return reader.Read() ? Encoding.UTF8.GetString(reader[0]) : "";
    }

    // The one that cuts the most of the first lines into as many fields as the first of all; comma where none cuts: then each line is one field.
    private static string Found(byte[] sample, string firstLine, DataFile file, CsvOptions options)
    {
        string[] usual = DataFile.HasExtension(file.Extension, ".csv") ? [",", ";", "\t", "::", "|"] : ["\t", "::", ";", ",", "|"];
        var (best, bestShare) = (",", 0.0);
        foreach (var delimiter in usual.Where(delimiter => firstLine.Contains(delimiter, StringComparison.Ordinal)))
        {
            if (EvenShare(sample, delimiter, options) is var share && share > bestShare)
            {
                (best, bestShare) = (delimiter, share);
            }
        }

        return best;
    }

    // Share of the first lines that have as many fields as the first, if that is more than one.
    private static double EvenShare(byte[] sample, string delimiter, CsvOptions options)
    {
        var (lines, even, width) = (0, 0, 0);
        try
        {
            using var reader = new DelimitedReader(new MemoryStream(sample), "", Encoding.ASCII.GetBytes(delimiter), options.Quotes);
            for (; lines < SampleLines && reader.Read(); lines++)
            {
                width = lines == 0 ? reader.FieldCount : width;
                even += reader.FieldCount == width ? 1 : 0;
            }
        }
        catch (DataFormatException)
        {
            // Quotes that do not close: in the sample, or with this delimiter. What came before counts.
        }

        return width < 2 ? 0 : (double)even / Math.Max(1, lines);
    }

    /// <exception cref="ArgumentException">The delimiters cannot divide fields.</exception>
    public static void Check(string delimiter, char listDelimiter)
    {
        if (delimiter.Length == 0 || !Ascii.IsValid(delimiter) || delimiter.AsSpan().ContainsAny("\r\n\""))
        {
            throw new ArgumentException(
                $"'{delimiter}' cannot be a delimiter: give one or more ASCII characters other than line ends and quotes.", nameof(delimiter));
        }

        if (!Ascii.IsValid(listDelimiter))
        {
            throw new ArgumentException($"'{listDelimiter}' cannot be a list delimiter: give an ASCII character.", nameof(listDelimiter));
        }
    }
}
