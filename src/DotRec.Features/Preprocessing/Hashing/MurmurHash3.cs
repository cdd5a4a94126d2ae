using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace DotRec.Features;

/// <summary>
/// MurmurHash3, the 32-bit variant for x86 (Appleby, 2011; public domain): the hash of ONNX Runtime's operator of that name.
/// Text is hashed as UTF-8, an integer as its 8 bytes, lowest first.
/// </summary>
internal static class MurmurHash3
{
    private const int StackBytes = 256;

    public static uint Hash(ReadOnlySpan<byte> data, uint seed)
    {
        const uint c1 = 0xCC9E2D51;
        const uint c2 = 0x1B873593;
        var hash = seed;
        var rest = data;
        while (rest.Length >= sizeof(uint))
        {
            hash ^= BitOperations.RotateLeft(BinaryPrimitives.ReadUInt32LittleEndian(rest) * c1, 15) * c2;
            hash = (BitOperations.RotateLeft(hash, 13) * 5) + 0xE6546B64;
            rest = rest[sizeof(uint)..];
        }

        uint tail = 0;
        for (var i = rest.Length - 1; i >= 0; i--)
        {
            tail = (tail << 8) | rest[i];
        }

        hash ^= BitOperations.RotateLeft(tail * c1, 15) * c2;
        hash ^= (uint)data.Length;
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }

    public static uint Hash(long value, uint seed)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Hash(bytes, seed);
    }

    public static uint Hash(string? text, uint seed)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text?.Length ?? 0);
        byte[]? rented = null;
        var bytes = most <= StackBytes ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(most);
        var hash = Hash(bytes[..Encoding.UTF8.GetBytes(text, bytes)], seed);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return hash;
    }
}
