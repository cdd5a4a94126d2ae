using System.Text;

namespace DotRec.Data;

/// <summary>Finds out what stands between the fields of a file.</summary>
internal static class CsvDelimiter
{
    /// <summary>Looks for the usual delimiters in the first line; comma when there is none: then each line is one field.</summary>
    public static string Detect(DataFile file, CsvOptions options)
    {
        using var reader = new DelimitedReader(Csv.Open(file, options), file.Name, "\0"u8, quotes: false);
        if (!reader.Read())
        {
            return ",";
        }

        var line = Encoding.UTF8.GetString(reader[0]);
        string[] usual = DataFile.HasExtension(file.Extension, ".csv") ? [",", ";", "\t", "::", "|"] : ["\t", "::", ";", ",", "|"];
        return Array.Find(usual, delimiter => line.Contains(delimiter, StringComparison.Ordinal)) ?? ",";
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
