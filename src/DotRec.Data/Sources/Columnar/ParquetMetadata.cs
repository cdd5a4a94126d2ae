namespace DotRec.Data;

/// <summary>The footer of a Parquet file, as far as reading needs it.</summary>
internal sealed record ParquetMetadata(ParquetSchemaElement[] Schema, ParquetRowGroup[] RowGroups)
{
    /// <exception cref="InvalidDataException">The bytes are no whole footer.</exception>
    public static ParquetMetadata Read(ReadOnlySpan<byte> footer)
    {
        var reader = new ThriftReader(footer);
        ParquetSchemaElement[] schema = [];
        ParquetRowGroup[] groups = [];
        var field = reader.Begin();
        while (reader.TryField(ref field))
        {
            switch (field)
            {
                case 2:
                    schema = new ParquetSchemaElement[reader.StructureList()];
                    for (var i = 0; i < schema.Length; i++)
                    {
                        schema[i] = ParquetSchemaElement.Read(ref reader);
                    }

                    break;
                case 4:
                    groups = new ParquetRowGroup[reader.StructureList()];
                    for (var i = 0; i < groups.Length; i++)
                    {
                        groups[i] = ParquetRowGroup.Read(ref reader);
                    }

                    break;
                case 8:
                    throw new InvalidDataException("it is encrypted");
                default:
                    reader.Skip();
                    break;
            }
        }

        return reader.Position == footer.Length ? new ParquetMetadata(schema, groups) : throw new InvalidDataException("a header or the footer is damaged");
    }
}

/// <summary>A part of the rows, column by column.</summary>
internal sealed record ParquetRowGroup(ParquetChunk[] Chunks, long RowCount)
{
    private Dictionary<string, ParquetChunk>? _byPath;

    /// <summary>The chunk of a column; null where there is none.</summary>
    public ParquetChunk? ChunkOf(string path) =>
        (_byPath ??= Chunks.DistinctBy(chunk => chunk.Path, StringComparer.Ordinal).ToDictionary(chunk => chunk.Path, StringComparer.Ordinal)).GetValueOrDefault(path);

    public static ParquetRowGroup Read(ref ThriftReader reader)
    {
        ParquetChunk[] chunks = [];
        long rows = 0;
        var field = reader.Begin();
        while (reader.TryField(ref field))
        {
            switch (field)
            {
                case 1:
                    chunks = new ParquetChunk[reader.StructureList()];
                    for (var i = 0; i < chunks.Length; i++)
                    {
                        chunks[i] = ParquetChunk.Read(ref reader);
                    }

                    break;
                case 3:
                    rows = reader.Integer();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new ParquetRowGroup(chunks, rows);
    }
}

/// <summary>Where the pages of one column of a row group lie, and how they are compressed.</summary>
/// <param name="Path">Names from the top of the schema down, joined by zero characters.</param>
/// <param name="Type">Type of the values as stored.</param>
/// <param name="Codec">Number of the compression.</param>
/// <param name="ValueCount">Values, missing ones and empty lists counted.</param>
/// <param name="Length">Bytes of all pages.</param>
/// <param name="DataOffset">Place of the first data page in the file.</param>
/// <param name="DictionaryOffset">Place of the dictionary page; 0 when there is none.</param>
/// <param name="IsElsewhere">True when the pages are in another file or encrypted.</param>
internal sealed record ParquetChunk(
    string Path, ParquetType Type, int Codec, long ValueCount, long Length, long DataOffset, long DictionaryOffset, bool IsElsewhere)
{
    /// <summary>Place of the first page in the file.</summary>
    public long Offset => DictionaryOffset > 0 ? Math.Min(DictionaryOffset, DataOffset) : DataOffset;

    public static ParquetChunk Read(ref ThriftReader reader)
    {
        var chunk = new ParquetChunk("", default, 0, 0, 0, 0, 0, IsElsewhere: false);
        var isElsewhere = false;
        var field = reader.Begin();
        while (reader.TryField(ref field))
        {
            switch (field)
            {
                case 3:
                    chunk = ReadMetadata(ref reader);
                    break;
                case 1 or 8:
                    isElsewhere = true;
                    reader.Skip();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return chunk with { IsElsewhere = isElsewhere };
    }

    private static ParquetChunk ReadMetadata(ref ThriftReader reader)
    {
        reader.RequireStructure();
        string[] path = [];
        var (type, codec) = (0, 0);
        var (values, length, data, dictionary) = (0L, 0L, 0L, 0L);
        var field = reader.Begin();
        while (reader.TryField(ref field))
        {
            switch (field)
            {
                case 1:
                    type = reader.Int32();
                    break;
                case 3:
                    path = reader.TextList();
                    break;
                case 4:
                    codec = reader.Int32();
                    break;
                case 5:
                    values = reader.Integer();
                    break;
                case 7:
                    length = reader.Integer();
                    break;
                case 9:
                    data = reader.Integer();
                    break;
                case 11:
                    dictionary = reader.Integer();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return new ParquetChunk(string.Join('\0', path), (ParquetType)type, codec, values, length, data, dictionary, IsElsewhere: false);
    }
}
