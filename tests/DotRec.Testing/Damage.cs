using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;

namespace DotRec.Testing;

/// <summary>
/// The law of damaged files: whatever happens to a valid file, reading it ends in time, takes memory in proportion to its length, and gives an answer or a
/// documented exception. Damage repeats from its seed; the environment variable DOTREC_DAMAGE asks for another number of trials than the test does.
/// </summary>
/// <param name="seed">Another seed, other damage.</param>
public sealed class Damage(ulong seed)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly ulong[] Extremes = [0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1UL << 40, 0x7FFFFFFFFFFFFFFF, ulong.MaxValue];

    private ulong _state = seed;

    /// <summary>Trials to make, unless the environment says otherwise.</summary>
    public static int Trials(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("DOTREC_DAMAGE"), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) ? wanted : usual;

    /// <summary>A copy of the file with one to four things wrong: bits, bytes and numbers altered, parts cut out, doubled, zeroed or moved, its end cut off.</summary>
    public byte[] Of(byte[] valid)
    {
        var damaged = (byte[])valid.Clone();
        for (var change = Next(4); change >= 0 && damaged.Length > 0; change--)
        {
            damaged = Change(damaged);
        }

        return damaged;
    }

    /// <summary>Reads and holds the reading to the law.</summary>
    /// <param name="length">Bytes of the file.</param>
    /// <param name="bytesAByte">Bytes that may be allocated for each of them, beside <paramref name="freeBytes"/>.</param>
    /// <param name="freeBytes">Bytes that may be allocated for a file of any length.</param>
    /// <param name="read">Reads; true for an answer, false for a documented exception. All other exceptions go on.</param>
    /// <returns>What <paramref name="read"/> returned.</returns>
    /// <exception cref="InvalidOperationException">The law is broken.</exception>
    public static bool Holds(long length, long bytesAByte, long freeBytes, Func<bool> read)
    {
        var before = GC.GetTotalAllocatedBytes();
        var watch = Stopwatch.StartNew();
        var reading = Task.Run(read);
        if (!reading.Wait(Limit))
        {
            throw new InvalidOperationException($"A file of {length} bytes was read for {Limit.TotalSeconds} seconds without end.");
        }

        var allocated = GC.GetTotalAllocatedBytes() - before;
        var most = freeBytes + (bytesAByte * length);
        return allocated <= most ? reading.Result : throw new InvalidOperationException(
            $"Reading a file of {length} bytes allocated {allocated}; at most {freeBytes} and {bytesAByte} a byte, {most}, are allowed. It took {watch.Elapsed.TotalSeconds:0.0} s.");
    }

    private byte[] Change(byte[] bytes)
    {
        var at = Next(bytes.Length);
        switch (Next(10))
        {
            case 0 or 1:
                bytes[at] ^= (byte)(1 << Next(8));
                return bytes;
            case 2:
                bytes[at] = (byte)Next(256);
                return bytes;
            case 3 or 4:
                Put(bytes.AsSpan(at), Extremes[Next(Extremes.Length)], Next(2) == 0 ? 4 : 8);
                return bytes;
            case 5:
                // A number of seven bits a byte, as large as can be.
                bytes.AsSpan(at, Math.Min(Next(9) + 1, bytes.Length - at)).Fill(0xFF);
                return bytes;
            case 6:
                bytes.AsSpan(at, Math.Min(Next(64) + 1, bytes.Length - at)).Clear();
                return bytes;
            case 7:
                return bytes[..at];
            case 8:
                var cut = Math.Min(Next(64) + 1, bytes.Length - at);
                return [.. bytes[..at], .. bytes[(at + cut)..]];
            default:
                var doubled = Math.Min(Next(256) + 1, bytes.Length - at);
                var from = Next(bytes.Length - doubled + 1);
                return [.. bytes[..at], .. bytes.AsSpan(from, doubled), .. bytes[at..]];
        }
    }

    private static void Put(Span<byte> target, ulong value, int length)
    {
        Span<byte> number = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(number, value);
        number[..Math.Min(length, target.Length)].CopyTo(target);
    }

    // SplitMix64.
    private int Next(int limit)
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)((mixed ^ (mixed >> 31)) % (ulong)limit);
    }
}
