using System.Buffers.Binary;

namespace DotRec.Data;

/// <summary>The checksum of zip archives (ISO 3309, reflected polynomial EDB88320), eight bytes a step by eight tables.</summary>
internal static class Crc32
{
    private const int Step = 8;

    // Table t, entry b: what byte b contributes when t more bytes follow it in the step.
    private static readonly uint[] Tables = MakeTables();

    /// <summary>The checksum of some bytes, given that of the bytes before them (0 at first).</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        var tables = Tables;
        var state = ~checksum;
        for (; bytes.Length >= Step; bytes = bytes[Step..])
        {
            var (low, high) = (BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ state, BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]));
            state = tables[(7 << 8) + (int)(low & 255)] ^ tables[(6 << 8) + (int)((low >> 8) & 255)]
                ^ tables[(5 << 8) + (int)((low >> 16) & 255)] ^ tables[(4 << 8) + (int)(low >> 24)]
                ^ tables[(3 << 8) + (int)(high & 255)] ^ tables[(2 << 8) + (int)((high >> 8) & 255)]
                ^ tables[(1 << 8) + (int)((high >> 16) & 255)] ^ tables[(int)(high >> 24)];
        }

        foreach (var value in bytes)
        {
            state = (state >> 8) ^ tables[(int)((state ^ value) & 255)];
        }

        return ~state;
    }

    private static uint[] MakeTables()
    {
        var tables = new uint[Step * 256];
        for (var value = 0u; value < 256; value++)
        {
            var state = value;
            for (var bit = 0; bit < 8; bit++)
            {
                state = (state >> 1) ^ ((state & 1) * 0xEDB88320);
            }

            tables[value] = state;
        }

        for (var i = 256; i < tables.Length; i++)
        {
            tables[i] = (tables[i - 256] >> 8) ^ tables[tables[i - 256] & 255];
        }

        return tables;
    }
}
