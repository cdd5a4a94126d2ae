namespace DotRec.Data;

/// <summary>Decompresses a block of LZ4: literals, then a copy of what came before, and so on; every step is checked.</summary>
internal static class Lz4Block
{
    private const int ShortestMatch = 4;

    /// <summary>Bytes written; −1 when the block is damaged or longer than the target.</summary>
    public static int Decompress(ReadOnlySpan<byte> block, Span<byte> target)
    {
        var (next, written) = (0, 0);
        while (next < block.Length)
        {
            int token = block[next++];
            if (!TryLength(block, ref next, token >> 4, out var literals) || literals > block.Length - next || literals > target.Length - written)
            {
                return -1;
            }

            block.Slice(next, literals).CopyTo(target[written..]);
            (next, written) = (next + literals, written + literals);
            if (next == block.Length)
            {
                return written;
            }

            if (block.Length - next < 2)
            {
                return -1;
            }

            var distance = block[next] | (block[next + 1] << 8);
            next += 2;
            if (!TryLength(block, ref next, token & 15, out var match) || distance == 0 || distance > written || match > target.Length - written - ShortestMatch)
            {
                return -1;
            }

            // What is copied may reach into what is being written.
            for (var end = written + match + ShortestMatch; written < end; written++)
            {
                target[written] = target[written - distance];
            }
        }

        return written;
    }

    private static bool TryLength(ReadOnlySpan<byte> block, ref int next, int first, out int length)
    {
        length = first;
        if (first < 15)
        {
            return true;
        }

        while (next < block.Length && length < int.MaxValue - 255)
        {
            var more = block[next++];
            length += more;
            if (more < 255)
            {
                return true;
            }
        }

        return false;
    }
}
