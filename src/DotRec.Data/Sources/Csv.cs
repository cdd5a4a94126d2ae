using System.Globalization;
using System.Text;
using DotRec.Kernels;

namespace DotRec.Data;

/// <summary>Reads and writes delimited text: CSV, TSV, MovieLens .dat; plain, compressed with gzip, or inside a zip archive.</summary>
/// <remarks>
/// <para>
/// Types: a column that <see cref="CsvOptions.Schema"/> does not name is int64 if all its fields are integers; else float32 if all are numbers that a
/// float32 keeps (those of at most six digits, most of seven) or missing (NaN); else float64 if all are numbers or missing; else string. A column without
/// any value is of strings. Types are guessed from the first lines and held to by every line: a later field that does not fit widens the column and reads
/// the file again, so no value is lost or bent. Integers with leading zeros and integers that a double cannot hold exactly are taken for names and stay
/// strings.
/// </para>
/// <para>
/// A missing number is an empty field or one of <see cref="CsvOptions.MissingWords"/>. Numbers written for people, "1,619.84", "1.619,84 €", "12 %", are
/// numbers where all fields of the column are written in one style that reads them in one way, and the column is not an id by
/// <see cref="CsvOptions.Ids"/> or by its name; <see cref="CsvOptions.Note"/> is told.
/// </para>
/// <para>
/// Where at least nine in ten values of a column of strings that is no id are numbers, <see cref="CsvOptions.Note"/> is told of the words that are not. An
/// infinite number among them ("inf") is an error.
/// </para>
/// <para>Fields of columns whose type is given must be of that type; a number may be missing but for int64.</para>
/// <para>Spaces around a field without quotes are not part of it.</para>
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

    /// <summary>
    /// Writes a table: numbers culture invariant, a missing one as an empty field, lists with <see cref="CsvOptions.ListDelimiter"/> between their values.
    /// A file of the name is replaced when the new one is complete.
    /// </summary>
    /// <param name="data">The table.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">Delimiter (comma by default), list delimiter, header and encoding (UTF-8 without a byte order mark by default).</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    /// <exception cref="ArgumentException">The options' delimiter cannot divide fields.</exception>
    public static async Task WriteAsync(FeatureBatch data, string path, CsvOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new CsvOptions();
        var delimiter = options.Delimiter ?? ",";
        CsvLayout.Check(delimiter, options.ListDelimiter);
        using var file = OutputFile.Create(path);
        var text = new StreamWriter(file.Stream, options.Encoding ?? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        await using (text.ConfigureAwait(false))
        {
            await new CsvWriter(text, delimiter, options.ListDelimiter).WriteAsync(data, options.HasHeader, cancellationToken).ConfigureAwait(false);
        }

        file.Commit();
    }

    internal static FeatureBatch Read(DataFile file, CsvOptions options)
    {
        var layout = CsvLayout.Of(file, options);
        var missing = new MissingWords(options.MissingWords);
        var fields = Array.Empty<TableField>();
        var fieldCount = 0;
        var refused = new Dictionary<string, DataFormatException>(StringComparer.Ordinal);
        for (var isFirst = true; ; isFirst = false)
        {
            using var reader = layout.Open();
            var header = CsvHeader.Read(reader, file.Name, options);
            if (isFirst)
            {
                header.Report(options);
                (fields, fieldCount) = (header.Fields(options), header.Names.Count);
                if (fields.Any(field => field.IsInferred))
                {
                    fields = TypeInference.FromSample(reader, fields, options.SampleRows, missing);
                    continue;
                }
            }

            TableField? widened = null;
            if (new TableReader(reader, file.Name, fields, fieldCount, missing).Read(IsWidened) is { } batch)
            {
                return header.WithoutRowNumbers(Settled(batch), options);
            }

            fields = Array.ConvertAll(fields, field => field.Position == widened!.Position ? widened : field);

            bool IsWidened(TableField field, ReadOnlySpan<byte> text, DataFormatException error)
            {
                refused[field.Schema.Name] = error;
                do
                {
                    widened = (widened ?? field).Widened();
                }
                while (widened is not null && !ColumnBuilder.Of(widened, missing).TryAppend(text));

                return widened is not null;
            }
        }

        FeatureBatch Settled(FeatureBatch batch) => new([.. batch.Columns.Select((column, i) =>
        {
            var settled = TypeInference.Settled(column, fields[i], options, layout.Delimiter, missing);
            if (settled is Column<string> { Schema.IsJagged: false } texts && fields[i] is { IsInferred: true, IsId: false, Wanted: null } && !IdColumns.IsIdName(column.Name)
                && StrayWords.Of(texts, missing) is { } stray)
            {
                Tell(stray, fields[i]);
            }

            return fields[i].Wanted is { } wanted && settled.Schema.Type != wanted ? throw refused[column.Name] : settled;
        })]);

        void Tell(StrayWords stray, TableField field)
        {
            var name = field.Schema.Name;
            if (stray.InfiniteRow >= 0)
            {
                throw new DataFormatException(
                    file.Name, LineOf(stray.InfiniteRow), field.Position + 1, name, "an infinite number", "a finite one. Write that, leave the field empty, or name the word as one for a missing number (--missing inf)");
            }

            var words = string.Join(", ", stray.Words.Select(word => TableReader.Quoted(Encoding.UTF8.GetBytes(word))));
            options.Note?.Invoke(string.Create(
                CultureInfo.InvariantCulture,
                $"column '{name}' is read as text: {stray.Numbers:N0} of its values are numbers, {stray.Count:N0} {(stray.Count == 1 ? "is" : "are")} not, such as {words}, first in line {LineOf(stray.FirstRow)} of {Path.GetFileName(file.Name)}. Words for a missing number are to be named (--missing {Argument(stray.Words[0])}); --numbers {Argument(name)} refuses what is no number."));
        }

        static string Argument(string word) => word.Contains(' ', StringComparison.Ordinal) ? $"\"{word}\"" : word;

        // Rows are not lines: fields in quotes may have several, and empty lines are passed over.
        long LineOf(int row)
        {
            using var reader = layout.Open();
            _ = CsvHeader.Read(reader, file.Name, options with { Note = null });
            for (var i = 0; i <= row; i++)
            {
                _ = reader.Read();
            }

            return reader.Line;
        }
    }
}
