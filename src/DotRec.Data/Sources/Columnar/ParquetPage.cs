namespace DotRec.Data;

/// <summary>The header of a page: what it holds, how long it is, how its values are written.</summary>
internal sealed record ParquetPage
{
    public const int Data = 0;
    public const int Dictionary = 2;
    public const int DataVersion2 = 3;

    public int Kind { get; private init; } = -1;

    /// <summary>Bytes after decompression, and before.</summary>
    public int Length { get; private init; } = -1;

    /// <inheritdoc cref="Length"/>
    public int CompressedLength { get; private init; } = -1;

    /// <summary>Places for values, missing ones and empty lists counted.</summary>
    public int ValueCount { get; private init; } = -1;

    public int Encoding { get; private init; } = -1;

    public int DefinitionEncoding { get; private init; } = ParquetRuns.LevelEncoding;

    public int RepetitionEncoding { get; private init; } = ParquetRuns.LevelEncoding;

    /// <summary>Bytes of the levels of a page of the second version, which are never compressed.</summary>
    public int DefinitionLength { get; private init; }

    /// <inheritdoc cref="DefinitionLength"/>
    public int RepetitionLength { get; private init; }

    public bool IsCompressed { get; private init; } = true;

    /// <summary>Reads a header at the start of the bytes.</summary>
    /// <param name="bytes">The rest of the pages.</param>
    /// <param name="headerLength">Bytes of the header.</param>
    /// <exception cref="InvalidDataException">It is damaged, or reaches beyond the bytes.</exception>
    public static ParquetPage Read(ReadOnlySpan<byte> bytes, out int headerLength)
    {
        var reader = new ThriftReader(bytes);
        var page = new ParquetPage();
        var field = reader.Begin();
        while (reader.TryField(ref field))
        {
            switch (field)
            {
                case 1:
                    page = page with { Kind = reader.Int32() };
                    break;
                case 2:
                    page = page with { Length = reader.Int32() };
                    break;
                case 3:
                    page = page with { CompressedLength = reader.Int32() };
                    break;
                case 5 or 7:
                    page = page.WithHeader(ref reader, isVersion2: false);
                    break;
                case 8:
                    page = page.WithHeader(ref reader, isVersion2: true);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        headerLength = reader.Position;
        var isData = page.Kind is Data or Dictionary or DataVersion2;
        return page.Length >= 0 && page.CompressedLength >= 0 && page.CompressedLength <= bytes.Length - headerLength && (!isData || page is { ValueCount: >= 0, Encoding: >= 0 })
            ? page
            : throw new InvalidDataException("a page reaches beyond its column");
    }

    // Of a data page of the first version, or a dictionary (the first two fields are the same), or a data page of the second version.
    private ParquetPage WithHeader(ref ThriftReader reader, bool isVersion2)
    {
        reader.RequireStructure();
        var page = this;
        var field = reader.Begin();
        while (reader.TryField(ref field))
        {
            page = (field, isVersion2) switch
            {
                (1, _) => page with { ValueCount = reader.Int32() },
                (2, false) => page with { Encoding = reader.Int32() },
                (3, false) when reader.Type is ThriftType.Int32 => page with { DefinitionEncoding = reader.Int32() },
                (4, false) when reader.Type is ThriftType.Int32 => page with { RepetitionEncoding = reader.Int32() },
                (4, true) => page with { Encoding = reader.Int32() },
                (5, true) => page with { DefinitionLength = reader.Int32() },
                (6, true) => page with { RepetitionLength = reader.Int32() },
                (7, true) => page with { IsCompressed = reader.Boolean() },
                _ => page.Skipping(ref reader),
            };
        }

        var levels = (long)page.DefinitionLength + page.RepetitionLength;
        return page is { DefinitionLength: >= 0, RepetitionLength: >= 0 } && (!isVersion2 || (levels <= page.Length && levels <= page.CompressedLength))
            ? page
            : throw new InvalidDataException("a page has longer levels than bytes");
    }

    private ParquetPage Skipping(ref ThriftReader reader)
    {
        reader.Skip();
        return this;
    }
}
