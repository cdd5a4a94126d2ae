namespace DotRec.Data;

/// <summary>Integers written as differences, block by block (DELTA_BINARY_PACKED).</summary>
internal static class ParquetDeltas
{
    // A block of more is not written by anybody, and its widths would be a large allocation.
    private const ulong LargestBlock = 1 << 20;

    /// <summary>Reads as many integers as the target holds.</summary>
    /// <returns>Bytes that they took.</returns>
    /// <exception cref="InvalidDataException">The bytes are damaged, or hold another number of integers.</exception>
    public static int Read(ReadOnlySpan<byte> bytes, Span<long> target)
    {
        var start = bytes.Length;
        var (blockLength, parts, count) = (Unsigned(ref bytes), Unsigned(ref bytes), Unsigned(ref bytes));
        var first = Zigzag(ref bytes);
        if (count != (ulong)target.Length || blockLength is 0 or > LargestBlock || parts == 0 || parts > blockLength || blockLength % parts != 0 || blockLength / parts % 8 != 0)
        {
            throw Damaged();
        }

        if (target.IsEmpty)
        {
            return start - bytes.Length;
        }

        target[0] = first;
        var (previous, done) = (first, 1);
        var partLength = (int)(blockLength / parts);
        while (done < target.Length)
        {
            var least = Zigzag(ref bytes);
            if ((ulong)bytes.Length < parts)
            {
                throw Damaged();
            }

            var widths = bytes[..(int)parts];
            bytes = bytes[(int)parts..];
            foreach (var width in widths)
            {
                if (done == target.Length)
                {
                    break;
                }

                var needed = Math.Min(partLength, target.Length - done);
                if (width > 64 || ((long)needed * width) + 7 >> 3 > bytes.Length)
                {
                    throw Damaged();
                }

                for (var i = 0; i < needed; i++)
                {
                    previous = unchecked(previous + least + (long)Bits(bytes, (long)i * width, width));
                    target[done++] = previous;
                }

                bytes = bytes[(int)Math.Min(bytes.Length, (long)partLength * width / 8)..];
            }
        }

        return start - bytes.Length;
    }

    private static ulong Bits(ReadOnlySpan<byte> bytes, long bit, int width)
    {
        var (value, taken) = (0UL, 0);
        var next = (int)(bit >> 3);
        var shift = (int)(bit & 7);
        while (taken < width)
        {
            value |= (ulong)bytes[next++] >> shift << taken;
            taken += 8 - shift;
            shift = 0;
        }

        return width == 64 ? value : value & ((1UL << width) - 1);
    }

    private static long Zigzag(ref ReadOnlySpan<byte> bytes) => Unsigned(ref bytes) is var value ? (long)(value >> 1) ^ -(long)(value & 1) : 0;

    private static ulong Unsigned(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0ul;
        for (var i = 0; i < 10 && i < bytes.Length; i++)
        {
            value |= (ulong)(bytes[i] & 127) << (7 * i);
            if (bytes[i] < 128)
            {
                bytes = bytes[(i + 1)..];
                return value;
            }
        }

        throw Damaged();
    }

    private static InvalidDataException Damaged() => new("integers written as differences are damaged");
}
