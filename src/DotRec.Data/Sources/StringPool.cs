using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace DotRec.Data;

/// <summary>
/// One string for each different run of UTF-8 bytes: a value that repeats is decoded once and costs no memory again. Open addressing, linear probing.
/// </summary>
internal sealed class StringPool
{
    private const int LongestPooled = 256;
    private Entry[] _entries = new Entry[64];
    private int _count;
    private byte[] _bytes = new byte[1024];
    private int _byteCount;

    /// <summary>The string of these bytes; false when they are no valid UTF-8.</summary>
    public bool TryGet(ReadOnlySpan<byte> utf8, out string value)
    {
        value = string.Empty;
        if (utf8.IsEmpty)
        {
            return true;
        }

        if (utf8.Length > LongestPooled)
        {
            return TryDecode(utf8, out value);
        }

        var hash = Hash(utf8);
        var mask = _entries.Length - 1;
        var slot = (int)hash & mask;
        for (; _entries[slot].Value is { } known; slot = (slot + 1) & mask)
        {
            ref readonly var entry = ref _entries[slot];
            if (entry.Hash == hash && utf8.SequenceEqual(_bytes.AsSpan(entry.Start, entry.Length)))
            {
                value = known;
                return true;
            }
        }

        if (!TryDecode(utf8, out value))
        {
            return false;
        }

        // Past 1 GiB of different values the pool stays as it is: offsets are 32 bits, and values this different hardly repeat.
        if (_byteCount < 1 << 30)
        {
            Add(slot, hash, utf8, value);
        }

        return true;
    }

    private void Add(int slot, uint hash, ReadOnlySpan<byte> utf8, string value)
    {
        if (_byteCount + utf8.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, (2 * _bytes.Length) + utf8.Length);
        }

        utf8.CopyTo(_bytes.AsSpan(_byteCount));
        _entries[slot] = new Entry(hash, _byteCount, utf8.Length, value);
        _byteCount += utf8.Length;
        if (++_count > _entries.Length / 2)
        {
            Grow();
        }
    }

    private void Grow()
    {
        var former = _entries;
        _entries = new Entry[2 * former.Length];
        foreach (var entry in former)
        {
            if (entry.Value is not null)
            {
                var slot = (int)entry.Hash & (_entries.Length - 1);
                while (_entries[slot].Value is not null)
                {
                    slot = (slot + 1) & (_entries.Length - 1);
                }

                _entries[slot] = entry;
            }
        }
    }

    private static bool TryDecode(ReadOnlySpan<byte> utf8, out string value)
    {
        var valid = Utf8.IsValid(utf8);
        value = valid ? Encoding.UTF8.GetString(utf8) : string.Empty;
        return valid;
    }

    // Multiplies eight bytes at a time into 64 bits and folds the high half down, where a multiplication mixes best.
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        const ulong Factor = 0x9E3779B97F4A7C15;
        var hash = (ulong)bytes.Length * Factor;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            hash = BitOperations.RotateLeft(hash ^ MemoryMarshal.Read<ulong>(bytes), 29) * Factor;
        }

        var tail = 0UL;
        foreach (var value in bytes)
        {
            tail = (tail << 8) | value;
        }

        hash = (hash ^ tail) * Factor;
        return (uint)(hash >> 32);
    }

    private readonly record struct Entry(uint Hash, int Start, int Length, string? Value);
}
