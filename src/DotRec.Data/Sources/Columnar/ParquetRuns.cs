using System.Buffers.Binary;
using System.Numerics;

namespace DotRec.Data;

/// <summary>Small integers as Parquet writes levels, indices of dictionaries and booleans: runs of one value, and groups of eight packed bit by bit.</summary>
internal static class ParquetRuns
{
    /// <summary>Number of the encoding by runs.</summary>
    public const int LevelEncoding = 3;

    /// <summary>Number of the former encoding of levels: packed from the highest bit down, no runs.</summary>
    public const int FormerLevelEncoding = 4;

    /// <summary>Bits that the numbers 0 … <paramref name="greatest"/> take.</summary>
    public static int Width(int greatest) => 32 - BitOperations.LeadingZeroCount((uint)greatest);

    /// <summary>Reads as many integers as the target holds. Every run takes a byte or more, so damaged bytes come to their end.</summary>
    /// <exception cref="InvalidDataException">There are fewer integers than that, or one is wider than told.</exception>
    public static void Read(ReadOnlySpan<byte> bytes, int width, Span<int> target)
    {
        var valueLength = (width + 7) / 8;
        while (!target.IsEmpty)
        {
            var header = Unsigned(ref bytes);
            var count = header >> 1;
            if ((header & 1) == 0)
            {
                if (bytes.Length < valueLength)
                {
                    throw TooShort();
                }

                var value = 0L;
                for (var i = 0; i < valueLength; i++)
                {
                    value |= (long)bytes[i] << (8 * i);
                }

                if (value >> width != 0)
                {
                    throw new InvalidDataException("a run has a value that is too large");
                }

                bytes = bytes[valueLength..];
                var length = (int)Math.Min(count, (ulong)target.Length);
                target[..length].Fill((int)value);
                target = target[length..];
            }
            else
            {
                var length = (int)Math.Min(count * 8, (ulong)target.Length);
                var packed = ((long)length * width + 7) / 8;
                if (packed > bytes.Length)
                {
                    throw TooShort();
                }

                Unpack(bytes, width, target[..length]);
                target = target[length..];

                // The last group is full even where its values are not needed; some writers leave the rest out.
                bytes = bytes[(int)Math.Min((ulong)bytes.Length, count * (ulong)width)..];
            }
        }
    }

    /// <summary>Reads levels in their former encoding, and tells how many bytes they took.</summary>
    public static int ReadFormer(ReadOnlySpan<byte> bytes, int width, Span<int> target)
    {
        var length = ((long)target.Length * width + 7) / 8;
        if (length > bytes.Length)
        {
            throw TooShort();
        }

        var bit = 0L;
        for (var i = 0; i < target.Length; i++)
        {
            var value = 0;
            for (var j = 0; j < width; j++, bit++)
            {
                value = (value << 1) | ((bytes[(int)(bit >> 3)] >> (7 - (int)(bit & 7))) & 1);
            }

            target[i] = value;
        }

        return (int)length;
    }

    /// <summary>The prefix of four bytes that tells the length of what follows, and what follows; the rest is left in <paramref name="bytes"/>.</summary>
    public static ReadOnlySpan<byte> TakePrefixed(ref ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < sizeof(int) || BinaryPrimitives.ReadUInt32LittleEndian(bytes) > (uint)(bytes.Length - sizeof(int)))
        {
            throw TooShort();
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var taken = bytes.Slice(sizeof(int), length);
        bytes = bytes[(sizeof(int) + length)..];
        return taken;
    }

    // The caller has seen to it that there are bytes enough.
    private static void Unpack(ReadOnlySpan<byte> bytes, int width, Span<int> target)
    {
        var (buffer, bits, next) = (0UL, 0, 0);
        var mask = (1UL << width) - 1;
        for (var i = 0; i < target.Length; i++)
        {
            while (bits < width)
            {
                buffer |= (ulong)bytes[next++] << bits;
                bits += 8;
            }

            target[i] = (int)(buffer & mask);
            buffer >>= width;
            bits -= width;
        }
    }

    private static ulong Unsigned(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0ul;
        for (var i = 0; i < 5; i++)
        {
            if (i == bytes.Length)
            {
                throw TooShort();
            }

            value |= (ulong)(bytes[i] & 127) << (7 * i);
            if (bytes[i] < 128)
            {
                bytes = bytes[(i + 1)..];
                return value;
            }
        }

        throw TooShort();
    }

    private static InvalidDataException TooShort() => new("a page ends before its values do");
}
