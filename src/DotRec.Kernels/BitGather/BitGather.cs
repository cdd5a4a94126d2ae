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
            var number = numbers[i];
            if ((uint)number >> 6 < (uint)bits.Length)
            {
                words[i >> 6] |= (bits[number >> 6] >> (number & 63) & 1) << (i & 63);
            }
        }
    }

    // Returns how many numbers were looked at.
    private static int GatherEights(ReadOnlySpan<ulong> bits, ReadOnlySpan<int> numbers, Span<ulong> words)
    {
        var i = 0;
        fixed (ulong* set = bits)
        fixed (int* number = numbers)
        fixed (ulong* word = words)
        {
            var limit = Vector256.Create((uint)Math.Min(bits.Length * 2L, int.MaxValue / 32));
            var bytes = (byte*)word;
            for (; i + Vector256<int>.Count <= numbers.Length; i += Vector256<int>.Count)
            {
                var eight = Vector256.Load(number + i);
                var at = eight.AsUInt32() >> 5;
                var inside = Vector256.LessThan(at, limit).AsInt32();
                var half = Avx2.GatherMaskVector256(Vector256<int>.Zero, (int*)set, at.AsInt32(), inside, sizeof(int));

                // The wanted bit to the sign.
                var sign = Avx2.ShiftLeftLogicalVariable(half, Vector256.Create(31u) - (eight.AsUInt32() & Vector256.Create(31u)));
                bytes[i >> 3] = (byte)sign.ExtractMostSignificantBits();
            }
        }

        return i;
    }
}
