using CsCheck;

namespace DotRec.Kernels.Tests;

public sealed class BitGatherTests
{
    // Inside the bits, around both ends, and anywhere.
    private static readonly Gen<int> Numbers = Gen.OneOf(Gen.Int[0, 400], Gen.Int[-70, 400], Gen.Int);

    [Fact]
    public void Every_bit_is_that_of_its_number_and_numbers_outside_have_none()
    {
        Gen.Select(Gen.ULong.Array[0, 6], Numbers.Array[0, 300]).Sample((bits, numbers) =>
        {
            // A word more than there are numbers for, which stays as it is.
            var words = new ulong[((numbers.Length + 63) / 64) + 1];
            words[^1] = 0xABCD;
            BitGather.Gather(bits, numbers, words);
            Assert.Equal(numbers.Select(number => IsSet(bits, number)), numbers.Select((_, i) => IsSet(words, i)));
            Assert.Equal(numbers.Count(number => IsSet(bits, number)), words[..^1].Sum(word => (int)ulong.PopCount(word)));
            Assert.Equal(0xABCDUL, words[^1]);
        });
    }

    [Fact]
    public void Too_few_words_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => BitGather.Gather([1], new int[65], new ulong[1]));
        Assert.StartsWith("65 bits do not fit into 1 words of 64; 2 words were expected.", error.Message, StringComparison.Ordinal);
    }

    private static bool IsSet(ulong[] bits, int number) => number >= 0 && number / 64 < bits.Length && (bits[number / 64] >> (number % 64) & 1) != 0;
}
