using System.Text;

namespace DotRec.Data;

/// <summary>Reads delimited text: CSV, TSV, MovieLens .dat; plain, compressed with gzip, or inside a zip archive.</summary>
/// <remarks>
/// <para>
/// Types: a column that <see cref="CsvOptions.Schema"/> does not name is int64 if all its fields are integers, else float32 if all are numbers or empty
/// (an empty field is NaN), else string; a column without any value is of strings. They are guessed from the first lines and held to by every line: a
/// later field that does not fit widens the column and reads the file again, so no value is lost or bent. Integers with leading zeros and integers that a
/// float32 cannot hold exactly, in a column that also has fractions, are taken for names and stay strings.
/// </para>
/// <para>Fields of columns whose type is given must be of that type; a float32 field may be empty (NaN).</para>
/// </remarks>
public static class Csv
{
    /// <summary>Reads a file into columns.</summary>
    /// <param name="path">
    /// <c>ratings.csv</c>, <c>ratings.csv.gz</c>, <c>archive.zip/folder/ratings.csv</c>, or <c>archive.zip</c> when one file is in it.
    /// </param>
    /// <param name="options">By default an ordinary file with a header line.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The file is broken; the message names file, line and column, what was found and what was expected.</exception>
    public static FeatureBatch Read(string path, CsvOptions? options = null) => Read(DataFile.Find(path), options ?? new CsvOptions());

    internal static FeatureBatch Read(DataFile file, CsvOptions options)
    {
        var delimiter = options.Delimiter ?? CsvDelimiter.Detect(file, options);
        CsvDelimiter.Check(delimiter, options.ListDelimiter);
        var fields = Array.Empty<TableField>();
        var fieldCount = 0;
        for (var isFirst = true; ; isFirst = false)
        {
            using var reader = new DelimitedReader(Open(file, options), file.Name, Encoding.ASCII.GetBytes(delimiter), options.Quotes);
            var header = CsvHeader.Read(reader, file.Name, options);
            if (isFirst)
            {
                (fields, fieldCount) = (header.Fields(options), header.Names.Count);
                if (fields.Any(field => field.IsInferred))
                {
                    fields = TypeInference.FromSample(reader, fields, options.SampleRows);
                    continue;
                }
            }

            TableField? widened = null;
            if (new TableReader(reader, file.Name, fields, fieldCount).Read(field => (widened = field.Widened()) is not null) is { } batch)
            {
                return new FeatureBatch([.. batch.Columns.Select((column, i) => TypeInference.Settled(column, fields[i]))]);
            }

            fields = Array.ConvertAll(fields, field => field.Position == widened!.Position ? widened : field);
        }
    }

    internal static Stream Open(DataFile file, CsvOptions options)
    {
        var stream = file.Open();
        return options.Encoding is null or UTF8Encoding ? stream : Encoding.CreateTranscodingStream(stream, options.Encoding, Encoding.UTF8);
    }
}
