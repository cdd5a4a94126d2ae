using System.Runtime.CompilerServices;
using DotRec.Kernels;

namespace DotRec.Data;

/// <summary>Reads the pages of a column of one row group.</summary>
/// <param name="field">The column.</param>
/// <param name="values">Decodes its values.</param>
internal sealed class ParquetChunkReader<T>(ParquetField field, ParquetValues<T> values)
{
    // Beside its values a page of numbers has levels and widths of bits.
    private const int MostBytesAValue = 64;
    private const int MostBytesAround = 1 << 16;

    /// <summary>
    /// The values of a row group: one a row, or those of lists one after another with where each row's begin. What is missing has the type's default
    /// value and is told; null where nothing is missing.
    /// </summary>
    public readonly record struct Rows(T[] Values, bool[]? IsMissing, int[]? Offsets);

    /// <param name="chunk">How the pages are written.</param>
    /// <param name="pages">The pages.</param>
    /// <param name="rowCount">Rows of the row group.</param>
    /// <exception cref="InvalidDataException">The pages are damaged, or of an unknown kind.</exception>
    public Rows Read(ParquetChunk chunk, ReadOnlySpan<byte> pages, int rowCount)
    {
        if (!field.IsList && chunk.ValueCount != rowCount)
        {
            throw new InvalidDataException($"column '{field.Name}' has {chunk.ValueCount} values in a row group of {rowCount} rows");
        }

        CheckPages(chunk, pages);
        T[]? dictionary = null;
        var read = new Target(field, (int)chunk.ValueCount);
        while (read.Count < chunk.ValueCount)
        {
            var page = ParquetPage.Read(pages, out var headerLength);
            var body = pages.Slice(headerLength, page.CompressedLength);
            pages = pages[(headerLength + page.CompressedLength)..];
            switch (page.Kind)
            {
                case ParquetPage.Dictionary:
                    dictionary = values.ReadDictionary(page, ParquetCodec.Decompress(chunk.Codec, body, page.Length));
                    break;
                case ParquetPage.Data:
                    ReadPage(read, page, ParquetCodec.Decompress(chunk.Codec, body, page.Length), dictionary);
                    break;
                case ParquetPage.DataVersion2:
                    ReadPageVersion2(read, page, body, chunk.Codec, dictionary);
                    break;
            }
        }

        return read.ToRows(rowCount);
    }

    // Nothing is allocated by what the footer says before the headers of the pages say the same, and by neither more than there is memory.
    private void CheckPages(ParquetChunk chunk, ReadOnlySpan<byte> pages)
    {
        var (values, bytes) = (0L, 0L);
        while (values < chunk.ValueCount)
        {
            var page = ParquetPage.Read(pages, out var headerLength);
            pages = pages[(headerLength + page.CompressedLength)..];
            values += page.Kind is ParquetPage.Data or ParquetPage.DataVersion2 ? page.ValueCount : 0;
            bytes += page.Length;
            if (field.Leaf!.Type is not (ParquetType.ByteArray or ParquetType.FixedLengthByteArray) && page.Length > MostBytesAround + ((long)Math.Max(0, page.ValueCount) * MostBytesAValue))
            {
                throw new InvalidDataException($"a page of {page.ValueCount} values has {page.Length} bytes");
            }
        }

        if (values > chunk.ValueCount)
        {
            throw new InvalidDataException($"column '{field.Name}' has more values than the footer says");
        }

        var limit = MemoryLimit.Bytes;
        if (bytes > limit || chunk.ValueCount * (Unsafe.SizeOf<T>() + sizeof(int)) > limit)
        {
            throw new InvalidDataException($"column '{field.Name}' has {chunk.ValueCount} values in {bytes} bytes, but there are {limit} bytes of memory");
        }
    }

    private void ReadPage(Target read, ParquetPage page, ReadOnlySpan<byte> bytes, T[]? dictionary)
    {
        var count = read.Fitting(page.ValueCount);
        var repetitions = field.IsList ? Levels(page.RepetitionEncoding, ref bytes, 1, count) : null;
        var definitions = field.DefinitionLevel > 0 ? Levels(page.DefinitionEncoding, ref bytes, field.DefinitionLevel, count) : null;
        Add(read, page, count, repetitions, definitions, bytes, dictionary);
    }

    private void ReadPageVersion2(Target read, ParquetPage page, ReadOnlySpan<byte> body, int codec, T[]? dictionary)
    {
        var count = read.Fitting(page.ValueCount);
        var repetitionBytes = body[..page.RepetitionLength];
        var definitionBytes = body.Slice(page.RepetitionLength, page.DefinitionLength);
        body = body[(page.RepetitionLength + page.DefinitionLength)..];
        int[]? repetitions = null, definitions = null;
        if (field.IsList)
        {
            ParquetRuns.Read(repetitionBytes, 1, repetitions = new int[count]);
        }

        if (field.DefinitionLevel > 0)
        {
            ParquetRuns.Read(definitionBytes, ParquetRuns.Width(field.DefinitionLevel), definitions = new int[count]);
        }

        var length = page.Length - page.RepetitionLength - page.DefinitionLength;
        Add(read, page, count, repetitions, definitions, ParquetCodec.Decompress(page.IsCompressed && length > 0 ? codec : ParquetCodec.None, body, length), dictionary);
    }

    private void Add(Target read, ParquetPage page, int count, int[]? repetitions, int[]? definitions, ReadOnlySpan<byte> bytes, T[]? dictionary)
    {
        var highest = field.DefinitionLevel;
        var presentCount = count;
        foreach (var level in definitions ?? [])
        {
            presentCount -= level == highest ? 0 : 1;
            if (level > highest)
            {
                throw new InvalidDataException($"column '{field.Name}' has a level of {level} where {highest} is the highest");
            }
        }

        if (presentCount == count && repetitions is null)
        {
            values.Read(page.Encoding, bytes, dictionary, read.Take(count));
            return;
        }

        var present = new T[presentCount];
        values.Read(page.Encoding, bytes, dictionary, present);
        read.Add(present, repetitions, definitions);
    }

    private static int[] Levels(int encoding, ref ReadOnlySpan<byte> bytes, int greatest, int count)
    {
        var levels = new int[count];
        var width = ParquetRuns.Width(greatest);
        if (encoding == ParquetRuns.FormerLevelEncoding)
        {
            bytes = bytes[ParquetRuns.ReadFormer(bytes, width, levels)..];
        }
        else if (encoding == ParquetRuns.LevelEncoding)
        {
            ParquetRuns.Read(ParquetRuns.TakePrefixed(ref bytes), width, levels);
        }
        else
        {
            throw new InvalidDataException($"its levels have an encoding that is not known (number {encoding})");
        }

        return levels;
    }

    // What was read so far. Values and flags lie in arrays of as many places as the column has.
    private sealed class Target(ParquetField field, int capacity)
    {
        private readonly T[] _values = new T[capacity];
        private readonly List<int>? _starts = field.IsList ? [] : null;
        private bool[]? _isMissing;
        private int _used;

        // Places of the column gone through: values, and in lists also empty ones.
        public int Count { get; private set; }

        public int Fitting(int count) => count <= capacity - Count ? count : throw new InvalidDataException($"column '{field.Name}' has more values than the footer says");

        public Span<T> Take(int count)
        {
            var taken = _values.AsSpan(_used, count);
            _used += count;
            Count += count;
            return taken;
        }

        public void Add(T[] present, int[]? repetitions, int[]? definitions)
        {
            var (next, count) = (0, repetitions?.Length ?? definitions!.Length);
            for (var place = 0; place < count; place++)
            {
                if (_starts is not null && repetitions![place] == 0)
                {
                    _starts.Add(_used);
                }

                if (definitions is null || definitions[place] == field.DefinitionLevel)
                {
                    _values[_used++] = present[next++];
                }
                else if (_starts is null || definitions[place] >= field.ElementLevel)
                {
                    (_isMissing ??= new bool[capacity])[_used++] = true;
                }
            }

            Count += count;
        }

        public Rows ToRows(int rowCount)
        {
            if (_starts is null)
            {
                return new Rows(_values, _isMissing, Offsets: null);
            }

            if (_starts.Count != rowCount || (rowCount > 0 && _starts[0] != 0))
            {
                throw new InvalidDataException($"column '{field.Name}' has {_starts.Count} lists in a row group of {rowCount} rows");
            }

            return new Rows(_values[.._used], _isMissing?[.._used], [.. _starts, _used]);
        }
    }
}
