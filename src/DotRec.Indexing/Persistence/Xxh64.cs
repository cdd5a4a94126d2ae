using System.Buffers.Binary;
using System.Numerics;

namespace DotRec.Indexing;

/// <summary>
/// XXH64 with seed 0 (Yann Collet's published specification, xxHash 0.1.1): the checksum of file sections and the hash of string ids.
/// Chosen because it is 64 bits wide, needs no package or native library, is the same everywhere and reads memory at about its bandwidth.
/// It finds accidents, not forgery. Feed parts of any length with <see cref="Append"/>.
/// </summary>
internal struct Xxh64
{
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;
    private const int StripeBytes = 32;

    private ulong _lane1;
    private ulong _lane2;
    private ulong _lane3;
    private ulong _lane4;
    private ulong _length;
    private Stripe _pending;
    private int _pendingBytes;

    public Xxh64()
    {
        unchecked
        {
            _lane1 = Prime1 + Prime2;
            _lane2 = Prime2;
            _lane3 = 0;
            _lane4 = 0 - Prime1;
        }
    }

    /// <summary>Hash of one block of bytes.</summary>
    public static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = new Xxh64();
        hash.Append(bytes);
        return hash.Result();
    }

    /// <summary>Hash of one integer; the finalisation of XXH64 over its eight bytes.</summary>
    public static ulong Hash(long value)
    {
        var hash = unchecked(Prime5 + sizeof(long)) ^ Round(0, (ulong)value);
        return Avalanche((BitOperations.RotateLeft(hash, 27) * Prime1) + Prime4);
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _length += (ulong)bytes.Length;
        Span<byte> pending = _pending;
        if (_pendingBytes > 0)
        {
            var taken = Math.Min(StripeBytes - _pendingBytes, bytes.Length);
            bytes[..taken].CopyTo(pending[_pendingBytes..]);
            _pendingBytes += taken;
            bytes = bytes[taken..];
            if (_pendingBytes < StripeBytes)
            {
                return;
            }

            Consume(pending);
            _pendingBytes = 0;
        }

        var whole = bytes.Length & -StripeBytes;
        Consume(bytes[..whole]);
        bytes[whole..].CopyTo(pending);
        _pendingBytes = bytes.Length - whole;
    }

    public readonly ulong Result()
    {
        var hash = Prime5;
        if (_length >= StripeBytes)
        {
            hash = BitOperations.RotateLeft(_lane1, 1) + BitOperations.RotateLeft(_lane2, 7)
                + BitOperations.RotateLeft(_lane3, 12) + BitOperations.RotateLeft(_lane4, 18);
            hash = Merge(Merge(Merge(Merge(hash, _lane1), _lane2), _lane3), _lane4);
        }

        hash += _length;
        ReadOnlySpan<byte> rest = _pending;
        rest = rest[.._pendingBytes];
        for (; rest.Length >= 8; rest = rest[8..])
        {
            hash ^= Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest));
            hash = (BitOperations.RotateLeft(hash, 27) * Prime1) + Prime4;
        }

        if (rest.Length >= 4)
        {
            hash ^= BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime1;
            hash = (BitOperations.RotateLeft(hash, 23) * Prime2) + Prime3;
            rest = rest[4..];
        }

        foreach (var one in rest)
        {
            hash = BitOperations.RotateLeft(hash ^ (one * Prime5), 11) * Prime1;
        }

        return Avalanche(hash);
    }

    private static ulong Round(ulong lane, ulong input) => BitOperations.RotateLeft(lane + (input * Prime2), 31) * Prime1;

    private static ulong Merge(ulong hash, ulong lane) => ((hash ^ Round(0, lane)) * Prime1) + Prime4;

    private static ulong Avalanche(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }

    private void Consume(ReadOnlySpan<byte> stripes)
    {
        // The lanes live in locals so that the four multiply chains overlap.
        var (lane1, lane2, lane3, lane4) = (_lane1, _lane2, _lane3, _lane4);
        for (; stripes.Length >= StripeBytes; stripes = stripes[StripeBytes..])
        {
            lane1 = Round(lane1, BinaryPrimitives.ReadUInt64LittleEndian(stripes));
            lane2 = Round(lane2, BinaryPrimitives.ReadUInt64LittleEndian(stripes[8..]));
            lane3 = Round(lane3, BinaryPrimitives.ReadUInt64LittleEndian(stripes[16..]));
            lane4 = Round(lane4, BinaryPrimitives.ReadUInt64LittleEndian(stripes[24..]));
        }

        (_lane1, _lane2, _lane3, _lane4) = (lane1, lane2, lane3, lane4);
    }

    [System.Runtime.CompilerServices.InlineArray(StripeBytes)]
    private struct Stripe
    {
        private byte _first;
    }
}
