using System.Runtime.InteropServices;

namespace DotRec.Data;

/// <summary>Decodes the values of pages, whatever encoding they have.</summary>
/// <typeparam name="T">What values become.</typeparam>
internal abstract class ParquetValues<T>
{
    protected const int PlainEncoding = 0;
    private const int FormerDictionaryEncoding = 2;
    protected const int RunEncoding = 3;
    protected const int DeltaEncoding = 5;
    protected const int DeltaLengthEncoding = 6;
    protected const int DeltaTextEncoding = 7;
    private const int DictionaryEncoding = 8;
    protected const int SplitEncoding = 9;
    private const int WidestIndex = 32;

    /// <summary>Fills the target with the values of a page.</summary>
    /// <param name="encoding">Number of the encoding.</param>
    /// <param name="bytes">The values.</param>
    /// <param name="dictionary">The column's dictionary; null before one was read.</param>
    /// <param name="target">As long as there are values.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged, or the encoding is not known.</exception>
    public void Read(int encoding, ReadOnlySpan<byte> bytes, T[]? dictionary, Span<T> target)
    {
        if (target.IsEmpty)
        {
            return;
        }

        if (encoding is not (DictionaryEncoding or FormerDictionaryEncoding))
        {
            ReadDirect(encoding, bytes, target);
            return;
        }

        if (dictionary is null || bytes.IsEmpty || bytes[0] > WidestIndex)
        {
            throw new InvalidDataException("a page refers to a dictionary that is not there");
        }

        var indices = new int[target.Length];
        ParquetRuns.Read(bytes[1..], bytes[0], indices);
        for (var i = 0; i < indices.Length; i++)
        {
            target[i] = (uint)indices[i] < (uint)dictionary.Length ? dictionary[indices[i]]
                : throw new InvalidDataException($"a page refers to value {(uint)indices[i]} of a dictionary of {dictionary.Length}");
        }
    }

    /// <summary>Reads the values that a dictionary page holds.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, or the encoding is not known.</exception>
    public T[] ReadDictionary(ParquetPage page, ReadOnlySpan<byte> bytes)
    {
        // A value takes a byte or more, but for texts of fixed length 0, which nobody writes.
        var values = new T[page.ValueCount <= bytes.Length ? page.ValueCount : throw TooShort()];
        ReadDirect(page.Encoding == FormerDictionaryEncoding ? PlainEncoding : page.Encoding, bytes, values);
        return values;
    }

    protected abstract void ReadDirect(int encoding, ReadOnlySpan<byte> bytes, Span<T> target);

    protected static InvalidDataException Unknown(int encoding) => new($"its values have an encoding that is not known for their type (number {encoding})");

    protected static InvalidDataException TooShort() => new("a page ends before its values do");

    /// <summary>Puts the bytes of values together again that stand one stream after another: all first bytes, all second bytes … (BYTE_STREAM_SPLIT).</summary>
    protected static byte[] Joined(ReadOnlySpan<byte> bytes, int count, int length)
    {
        if ((long)count * length > bytes.Length)
        {
            throw TooShort();
        }

        var joined = new byte[count * length];
        for (var stream = 0; stream < length; stream++)
        {
            for (var i = 0; i < count; i++)
            {
                joined[(i * length) + stream] = bytes[(stream * count) + i];
            }
        }

        return joined;
    }
}

/// <summary>Numbers of four or eight bytes.</summary>
/// <param name="convert">What a stored number stands for; null where it is itself.</param>
internal sealed class ParquetNumbers<TRaw, T>(Func<TRaw, T>? convert) : ParquetValues<T>
    where TRaw : unmanaged
{
    protected override void ReadDirect(int encoding, ReadOnlySpan<byte> bytes, Span<T> target)
    {
        switch (encoding)
        {
            case PlainEncoding:
                ReadPlain(bytes, target);
                break;
            case SplitEncoding:
                ReadPlain(Joined(bytes, target.Length, Marshal.SizeOf<TRaw>()), target);
                break;
            case DeltaEncoding when typeof(TRaw) == typeof(int) || typeof(TRaw) == typeof(long):
                var integers = new long[target.Length];
                ParquetDeltas.Read(bytes, integers);
                for (var i = 0; i < integers.Length; i++)
                {
                    target[i] = Convert(typeof(TRaw) == typeof(int) ? (TRaw)(object)(int)integers[i] : (TRaw)(object)integers[i]);
                }

                break;
            default:
                throw Unknown(encoding);
        }
    }

    private void ReadPlain(ReadOnlySpan<byte> bytes, Span<T> target)
    {
        if ((long)target.Length * Marshal.SizeOf<TRaw>() > bytes.Length)
        {
            throw TooShort();
        }

        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Parquet files are read on machines of little-endian byte order.");
        }

        var raw = MemoryMarshal.Cast<byte, TRaw>(bytes)[..target.Length];
        for (var i = 0; i < raw.Length; i++)
        {
            target[i] = Convert(raw[i]);
        }
    }

    private T Convert(TRaw raw) => convert is null ? (T)(object)raw : convert(raw);
}

/// <summary>Booleans, as 1 and 0: a bit each, or by runs.</summary>
internal sealed class ParquetBooleans : ParquetValues<long>
{
    protected override void ReadDirect(int encoding, ReadOnlySpan<byte> bytes, Span<long> target)
    {
        if (encoding == RunEncoding)
        {
            var bits = new int[target.Length];
            ParquetRuns.Read(ParquetRuns.TakePrefixed(ref bytes), width: 1, bits);
            for (var i = 0; i < bits.Length; i++)
            {
                target[i] = bits[i];
            }

            return;
        }

        if (encoding != PlainEncoding)
        {
            throw Unknown(encoding);
        }

        if (((long)target.Length + 7) / 8 > bytes.Length)
        {
            throw TooShort();
        }

        for (var i = 0; i < target.Length; i++)
        {
            target[i] = (bytes[i >> 3] >> (i & 7)) & 1;
        }
    }
}

/// <summary>Runs of bytes: texts, and numbers of any width.</summary>
/// <param name="length">Bytes of each; 0 where each has a length of its own.</param>
/// <param name="convert">What the bytes stand for.</param>
internal sealed class ParquetBytes<T>(int length, ParquetBytes<T>.Converter convert) : ParquetValues<T>
{
    public delegate T Converter(ReadOnlySpan<byte> bytes);

    // Bytes that values may have together which are written as the beginning of the one before and a rest: so many, and so many a byte that is there.
    private const long FreePrefixBytes = 16 << 20;
    private const long MostOfPrefixes = 256;

    protected override void ReadDirect(int encoding, ReadOnlySpan<byte> bytes, Span<T> target)
    {
        switch (encoding)
        {
            case PlainEncoding when length > 0:
                ReadFixed(bytes, target);
                break;
            case PlainEncoding:
                for (var i = 0; i < target.Length; i++)
                {
                    target[i] = convert(ParquetRuns.TakePrefixed(ref bytes));
                }

                break;
            case SplitEncoding when length > 0:
                ReadFixed(Joined(bytes, target.Length, length), target);
                break;
            case DeltaLengthEncoding:
                var lengths = Lengths(ref bytes, target.Length);
                for (var i = 0; i < target.Length; i++)
                {
                    target[i] = convert(Take(ref bytes, lengths[i]));
                }

                break;
            case DeltaTextEncoding:
                ReadWithPrefixes(bytes, target);
                break;
            default:
                throw Unknown(encoding);
        }
    }

    private void ReadFixed(ReadOnlySpan<byte> bytes, Span<T> target)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = convert(Take(ref bytes, length));
        }
    }

    // Each value is the beginning of the one before and something after it (DELTA_BYTE_ARRAY).
    private void ReadWithPrefixes(ReadOnlySpan<byte> bytes, Span<T> target)
    {
        var prefixes = Lengths(ref bytes, target.Length);
        var suffixes = Lengths(ref bytes, target.Length);
        var value = new byte[256];
        var valueLength = 0;
        var left = FreePrefixBytes + (bytes.Length * MostOfPrefixes);
        for (var i = 0; i < target.Length; i++)
        {
            if (prefixes[i] < 0 || prefixes[i] > valueLength)
            {
                throw TooShort();
            }

            var suffix = Take(ref bytes, suffixes[i]);
            valueLength = (int)prefixes[i] + suffix.Length;
            if (valueLength > value.Length)
            {
                Array.Resize(ref value, 2 * valueLength);
            }

            // Values that each repeat a long one before would fill any memory.
            left -= valueLength;
            if (left < 0)
            {
                throw new InvalidDataException("texts written by their beginnings are longer together than is believable");
            }

            suffix.CopyTo(value.AsSpan((int)prefixes[i]));
            target[i] = convert(value.AsSpan(0, valueLength));
        }
    }

    private static long[] Lengths(ref ReadOnlySpan<byte> bytes, int count)
    {
        var lengths = new long[count];
        bytes = bytes[ParquetDeltas.Read(bytes, lengths)..];
        return lengths;
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, long count)
    {
        if (count < 0 || count > bytes.Length)
        {
            throw TooShort();
        }

        var taken = bytes[..(int)count];
        bytes = bytes[(int)count..];
        return taken;
    }
}
