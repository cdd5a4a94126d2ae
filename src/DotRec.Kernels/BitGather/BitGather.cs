using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DotRec.Kernels;

/// <summary>Takes bits out of a set in an order of their own: from a set of rows to the words of entries in the order of an index.</summary>
internal static unsafe class BitGather
{
    /// <summary>Bit i of the words becomes the bit of number numbers[i].</summary>
    /// <param name="bits">One bit a number, 64 a word, lowest first.</param>
    /// <param name="numbers">Some of which may be negative or behind the last bit: these give 0.</param>
    /// <param name="words">[⌈numbers / 64⌉ or more], zeros; written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gather(ReadOnlySpan<ulong> bits, ReadOnlySpan<int> numbers, Span<ulong> words)
    {
        Require.Words(words, numbers.Length);
        var i = 0;
        if (Avx2.IsSupported)
        {
            i = GatherEights(bits, numbers, words);
        }

        for (; i < numbers.Length; i++)
        {
            words[i >> 6] |= Bit(bits, numbers[i]) << (i & 63);
        }
    }

    // Returns how many numbers were looked at. The loads are the program's own: gathers of the processor are slower on some, and no faster on others.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int GatherEights(ReadOnlySpan<ulong> bits, ReadOnlySpan<int> numbers, Span<ulong> words)
    {
        var i = 0;
        fixed (ulong* word = bits)
        fixed (int* number = numbers)
        fixed (ulong* target = words)
        {
            var set = (uint*)word;
            var bytes = (byte*)target;
            var limit = Vector256.Create((uint)Math.Min(bits.Length * 2L, int.MaxValue / 32));
            for (; i + Vector256<int>.Count <= numbers.Length; i += Vector256<int>.Count)
            {
                var eight = Vector256.Load(number + i).AsUInt32();
                if (Vector256.LessThanAll(eight >> 5, limit))
                {
                    var at = (uint*)number + i;
                    var low = Vector128.Create(set[at[0] >> 5], set[at[1] >> 5], set[at[2] >> 5], set[at[3] >> 5]);
                    var high = Vector128.Create(set[at[4] >> 5], set[at[5] >> 5], set[at[6] >> 5], set[at[7] >> 5]);

                    // The wanted bit to the sign.
                    var sign = Avx2.ShiftLeftLogicalVariable(Vector256.Create(low, high), ~eight & Vector256.Create(31u));
                    bytes[i >> 3] = (byte)sign.ExtractMostSignificantBits();
                    continue;
                }

                for (var j = 0; j < Vector256<int>.Count; j++)
                {
                    bytes[i >> 3] |= (byte)(Bit(bits, number[i + j]) << j);
                }
            }
        }

        return i;
    }

    private static ulong Bit(ReadOnlySpan<ulong> bits, int number) =>
        (uint)number >> 6 < (uint)bits.Length ? bits[number >> 6] >> (number & 63) & 1 : 0;
}
