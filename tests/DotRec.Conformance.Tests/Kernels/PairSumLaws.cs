using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

public sealed class PairSumPortableLaws() : PairSumLaws(PairSumVariant.Of<PairSumPortable>());

public sealed class PairSumAvx2Laws() : PairSumLaws(PairSumVariant.Of<PairSumAvx2>());

public sealed class PairSumAvx512Laws() : PairSumLaws(PairSumVariant.Of<PairSumAvx512>());

internal delegate float PairSum(ReadOnlySpan<float> x, ReadOnlySpan<float> y);

internal delegate void PairSumMany(ReadOnlySpan<float> query, ReadOnlySpan<float> rows, Span<float> scores);

internal sealed record PairSumVariant(
    Type Kernel, InstructionSet InstructionSet, PairSum Dot, PairSum SquaredL2, PairSumMany DotMany, PairSumMany SquaredL2Many)
{
    public static PairSumVariant Of<TKernel>()
        where TKernel : struct, IPairSumKernel => new(
            typeof(TKernel), TKernel.InstructionSet,
            PairSums.One<TKernel, ProductTerm>, PairSums.One<TKernel, SquaredDifferenceTerm>,
            PairSums.Many<TKernel, ProductTerm>, PairSums.Many<TKernel, SquaredDifferenceTerm>);
}

public abstract class PairSumLaws : KernelLaws
{
    private const int LongestLength = 257;
    private readonly PairSumVariant _variant;

    private protected PairSumLaws(PairSumVariant variant)
        : base(variant.Kernel, variant.InstructionSet) => _variant = variant;

    [Fact]
    public void Exact_on_integers_at_every_length()
    {
        NeedsInstructionSet();
        for (var length = 0; length <= LongestLength; length++)
        {
            float[] x = Values.Integers(length, 2 * length), y = Values.Integers(length, (2 * length) + 1);
            var (dot, squared) = (0L, 0L);
            for (var i = 0; i < length; i++)
            {
                dot += (long)x[i] * (long)y[i];
                squared += ((long)x[i] - (long)y[i]) * ((long)x[i] - (long)y[i]);
            }

            Assert.Equal(dot, _variant.Dot(x, y));
            Assert.Equal(squared, _variant.SquaredL2(x, y));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Within_the_rounding_bound_on_reals(bool heavyTailed)
    {
        NeedsInstructionSet();
        for (var length = 0; length <= LongestLength; length++)
        {
            float[] x = Values.Reals(length, 2 * length, heavyTailed), y = Values.Reals(length, (2 * length) + 1, heavyTailed);
            double dot = 0, dotSize = 0, squared = 0;
            for (var i = 0; i < length; i++)
            {
                dot += (double)x[i] * y[i];
                dotSize += Math.Abs((double)x[i] * y[i]);
                squared += ((double)x[i] - y[i]) * ((double)x[i] - y[i]);
            }

            Assert.True(Math.Abs(dot - _variant.Dot(x, y)) <= Rounding.Gamma(length + 1) * dotSize, $"dot, length {length}");

            // Each difference is rounded once and enters squared: two more roundings than a product.
            Assert.True(Math.Abs(squared - _variant.SquaredL2(x, y)) <= Rounding.Gamma(length + 3) * squared, $"squared, length {length}");
        }
    }

    [Fact]
    public void Any_alignment_gives_the_same_bits()
    {
        NeedsInstructionSet();
        const int Length = 77;
        float[] x = Values.Reals(Length, 1), y = Values.Reals(Length, 2), roomX = new float[Length + 16], roomY = new float[Length + 16];
        var (dot, squared) = (_variant.Dot(x, y), _variant.SquaredL2(x, y));
        for (var offsetX = 0; offsetX <= 16; offsetX++)
        {
            for (var offsetY = 0; offsetY <= 16; offsetY++)
            {
                x.CopyTo(roomX, offsetX);
                y.CopyTo(roomY, offsetY);
                Assert.Equal(dot, _variant.Dot(roomX.AsSpan(offsetX, Length), roomY.AsSpan(offsetY, Length)));
                Assert.Equal(squared, _variant.SquaredL2(roomX.AsSpan(offsetX, Length), roomY.AsSpan(offsetY, Length)));
            }
        }
    }

    [Fact]
    public void One_special_value_anywhere_decides_the_result()
    {
        NeedsInstructionSet();
        for (var length = 1; length <= LongestLength; length += length < 70 ? 1 : 31)
        {
            float[] x = Values.Integers(length, length), y = [.. Enumerable.Repeat(2f, length)];
            for (var at = 0; at < length; at += 1 + (length / 40))
            {
                var kept = x[at];
                x[at] = float.NaN;
                Assert.True(float.IsNaN(_variant.Dot(x, y)) && float.IsNaN(_variant.SquaredL2(x, y)));
                x[at] = float.NegativeInfinity;
                Assert.Equal(float.NegativeInfinity, _variant.Dot(x, y));
                Assert.Equal(float.PositiveInfinity, _variant.SquaredL2(x, y));
                y[at] = 0;
                Assert.True(float.IsNaN(_variant.Dot(x, y)));
                y[at] = float.NegativeInfinity;
                Assert.Equal(float.PositiveInfinity, _variant.Dot(x, y));
                Assert.True(float.IsNaN(_variant.SquaredL2(x, y)));
                (x[at], y[at]) = (kept, 2f);
            }
        }
    }

    [Fact]
    public void Keeps_denormals()
    {
        NeedsInstructionSet();
        float[] x = [.. Enumerable.Repeat(float.Epsilon, 40)], y = [.. Enumerable.Repeat(1f, 40)];
        Assert.Equal(40 * float.Epsilon, _variant.Dot(x, y));
    }

    [Fact]
    public void Symmetric_to_the_bit()
    {
        NeedsInstructionSet();
        for (var length = 0; length <= LongestLength; length++)
        {
            float[] x = Values.Reals(length, length), y = Values.Reals(length, length + 1);
            Assert.Equal(_variant.Dot(x, y), _variant.Dot(y, x));
            Assert.Equal(_variant.SquaredL2(x, y), _variant.SquaredL2(y, x));
        }
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 9)]
    [InlineData(5, 7)]
    [InlineData(32, 10)]
    [InlineData(50, 11)]
    [InlineData(129, 4)]
    public void Many_equals_one_row_at_a_time(int dimension, int count)
    {
        NeedsInstructionSet();
        float[] query = Values.Reals(dimension, 1), rows = Values.Reals(dimension * count, 2), scores = new float[count];
        _variant.DotMany(query, rows, scores);
        Assert.Equal(Enumerable.Range(0, count).Select(i => _variant.Dot(query, rows.AsSpan(i * dimension, dimension))), scores);
        _variant.SquaredL2Many(query, rows, scores);
        Assert.Equal(Enumerable.Range(0, count).Select(i => _variant.SquaredL2(query, rows.AsSpan(i * dimension, dimension))), scores);
    }

    [Fact]
    public void Refuses_lengths_that_do_not_fit()
    {
        NeedsInstructionSet();
        var error = Assert.Throws<ArgumentException>(() => _variant.Dot(new float[3], new float[4]));
        Assert.StartsWith("The vectors have 3 and 4 values; they must have the same number.", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(() => _variant.DotMany(new float[4], new float[9], new float[2]));
        Assert.StartsWith("rows holds 9 values; a matrix of 2 x 4 was expected (8 values).", error.Message, StringComparison.Ordinal);
    }
}
