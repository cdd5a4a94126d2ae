using System.Buffers.Binary;

namespace DotRec.Data;

/// <summary>
/// A Parquet file open for reading, by our own decoder: whatever bytes it holds, reading ends with columns or an error, in time and memory that the length
/// of the file bounds.
/// </summary>
internal sealed class ParquetTable : IAsyncDisposable
{
    private const int TailLength = 8;
    private const int MagicLength = 4;

    // Runs make rows of next to no bytes; so many are taken for true whatever the length of the file.
    private const long FreeRows = 1 << 22;
    private const long RowsAByte = 4096;

    private readonly Stream _file;
    private readonly ParquetMetadata _metadata;
    private readonly long _footerStart;
    private readonly Dictionary<string, (long Values, long Bytes)> _totals;

    private ParquetTable(string name, Stream file, ParquetMetadata metadata, long footerStart)
    {
        Name = name;
        _file = file;
        _metadata = metadata;
        _footerStart = footerStart;
        Fields = ParquetField.Of(metadata.Schema);
        _totals = Totals(metadata, file.Length);
    }

    /// <summary>What errors call the file.</summary>
    public string Name { get; }

    /// <summary>The top-level fields, those included that no column can hold.</summary>
    public IReadOnlyList<ParquetField> Fields { get; }

    public int RowGroupCount => _metadata.RowGroups.Length;

    /// <summary>Opens a file that can be read at any place; it is disposed with the table, or at once if it is no Parquet file.</summary>
    /// <exception cref="DataFormatException">The file does not begin and end as a Parquet file, or its footer is damaged.</exception>
    public static async Task<ParquetTable> OpenAsync(string name, Stream file, CancellationToken cancellationToken)
    {
        try
        {
            var footer = await ReadFooterAsync(file, cancellationToken).ConfigureAwait(false);
            return new ParquetTable(name, file, ParquetMetadata.Read(footer), file.Length - TailLength - footer.Length);
        }
        catch (Exception exception)
        {
            await file.DisposeAsync().ConfigureAwait(false);
            if (exception is InvalidDataException or EndOfStreamException)
            {
                throw Broken(name, exception);
            }

            throw;
        }
    }

    /// <summary>The columns to read.</summary>
    /// <param name="names">Their names; null for all that feature columns can hold.</param>
    /// <param name="note">Told which columns are left out because no feature column can hold them; null to refuse them instead.</param>
    /// <exception cref="DataFormatException">A name is not in the file, or its column holds what no column can.</exception>
    public IReadOnlyList<ParquetSource> Sources(IReadOnlyList<string>? names, Action<string>? note)
    {
        var sources = new List<ParquetSource>();
        var byName = Fields.DistinctBy(field => field.Name, StringComparer.Ordinal).ToDictionary(field => field.Name, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names ?? [.. Fields.Select(field => field.Name)])
        {
            var field = byName.GetValueOrDefault(name) ?? throw new DataFormatException(
                Name, $"there is no column '{name}'. The columns are: {string.Join(", ", Fields.Select(field => field.Name))}.");
            if (!seen.Add(name))
            {
                throw new DataFormatException(Name, $"found two columns '{name}', expected different names.");
            }

            if (ParquetSource.Of(Name, field) is { } source)
            {
                sources.Add(source);
            }
            else if (names is null && note is not null)
            {
                note($"column '{name}' is left out: it holds {Kind(field)}, which no feature column can.");
            }
            else
            {
                throw new DataFormatException(Name, $"column '{name}' holds {Kind(field)}, which no feature column can. Choose the columns to read.");
            }
        }

        return sources.Count > 0 ? sources : throw new DataFormatException(Name, "there is no column to read.");
    }

    /// <summary>One column of one row group.</summary>
    /// <exception cref="DataFormatException">The pages are damaged, or written in a way that is not known.</exception>
    public async Task<Column> ReadAsync(int group, ParquetSource source, CancellationToken cancellationToken)
    {
        try
        {
            var rows = _metadata.RowGroups[group];
            var chunk = rows.ChunkOf(source.Field.Path) ?? throw new InvalidDataException(
                $"column '{source.Field.Name}' is not in row group {group}");
            var pages = await ReadPagesAsync(chunk, rows.RowCount, source.Field, cancellationToken).ConfigureAwait(false);
            return source.Read(chunk, pages, (int)rows.RowCount);
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException)
        {
            throw Broken(Name, broken);
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private async Task<byte[]> ReadPagesAsync(ParquetChunk chunk, long rowCount, ParquetField field, CancellationToken cancellationToken)
    {
        if (chunk.IsElsewhere)
        {
            throw new InvalidDataException($"the values of column '{field.Name}' are encrypted or in another file");
        }

        if (chunk.Type != field.Leaf!.Type)
        {
            throw new InvalidDataException($"column '{field.Name}' is of one type in the schema and of another in its row group");
        }

        var (values, bytes) = _totals[field.Path];
        if (rowCount > MostRows(_file.Length) || values > MostRows(_file.Length) || bytes > _file.Length)
        {
            throw new InvalidDataException($"it says that column '{field.Name}' has {values} values in {bytes} bytes, more than its {_file.Length} bytes can hold");
        }

        if (chunk.Offset < MagicLength || chunk.Length < 0 || chunk.Length > _footerStart - chunk.Offset || chunk.Length > Array.MaxLength)
        {
            throw new InvalidDataException($"the pages of column '{field.Name}' reach beyond the file");
        }

        var pages = GC.AllocateUninitializedArray<byte>((int)chunk.Length);
        _file.Position = chunk.Offset;
        await _file.ReadExactlyAsync(pages, cancellationToken).ConfigureAwait(false);
        return pages;
    }

    private static long MostRows(long fileLength) => Math.Min(Array.MaxLength, FreeRows + (fileLength * RowsAByte));

    // Row groups stand one after another: what they claim together must be there, not only what each claims.
    private static Dictionary<string, (long Values, long Bytes)> Totals(ParquetMetadata metadata, long fileLength)
    {
        var totals = new Dictionary<string, (long Values, long Bytes)>(StringComparer.Ordinal);
        foreach (var group in metadata.RowGroups)
        {
            if (group.RowCount < 0)
            {
                throw new InvalidDataException($"it says that a row group has {group.RowCount} rows");
            }

            foreach (var chunk in group.Chunks)
            {
                if (chunk.ValueCount < 0 || chunk.Length < 0)
                {
                    throw new InvalidDataException($"it says that a column has {chunk.ValueCount} values in {chunk.Length} bytes");
                }

                // Sums of some thousand million such claims could go around; of clamped ones they cannot.
                var (values, bytes) = totals.GetValueOrDefault(chunk.Path);
                totals[chunk.Path] = (values + Math.Min(chunk.ValueCount, int.MaxValue), bytes + Math.Min(chunk.Length, fileLength + 1));
            }
        }

        return totals;
    }

    private static async Task<byte[]> ReadFooterAsync(Stream file, CancellationToken cancellationToken)
    {
        if (file.Length < MagicLength + TailLength)
        {
            throw new InvalidDataException($"it has {file.Length} bytes only");
        }

        var tail = new byte[TailLength];
        file.Seek(-TailLength, SeekOrigin.End);
        await file.ReadExactlyAsync(tail, cancellationToken).ConfigureAwait(false);
        if (!tail.AsSpan(4).SequenceEqual("PAR1"u8))
        {
            throw new InvalidDataException(tail.AsSpan(4).SequenceEqual("PARE"u8) ? "it is encrypted" : "it does not end in PAR1");
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (length <= 0 || length > file.Length - MagicLength - TailLength)
        {
            throw new InvalidDataException($"its footer of {length} bytes does not fit into {file.Length} bytes");
        }

        var footer = new byte[length];
        file.Seek(-TailLength - length, SeekOrigin.End);
        await file.ReadExactlyAsync(footer, cancellationToken).ConfigureAwait(false);
        return footer;
    }

    private static string Kind(ParquetField field) => field.Leaf is not { } leaf ? "structures, maps or lists of lists"
        : leaf.Meaning == ParquetMeaning.None ? $"{leaf.Type} values" : $"{leaf.Meaning} values stored as {leaf.Type}";

    private static DataFormatException Broken(string name, Exception cause) => new(
        name, $"found a file that cannot be read as Parquet ({cause.Message}). It is cut off, damaged or of another format.", cause);
}
