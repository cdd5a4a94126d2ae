using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

public sealed class AxpyPortableLaws() : AxpyLaws(AxpyVariant.Of<AxpyPortable>());

public sealed class AxpyAvx2Laws() : AxpyLaws(AxpyVariant.Of<AxpyAvx2>());

public sealed class AxpyAvx512Laws() : AxpyLaws(AxpyVariant.Of<AxpyAvx512>());

internal delegate void Axpy(float a, ReadOnlySpan<float> x, Span<float> y);

internal sealed record AxpyVariant(Type Kernel, InstructionSet InstructionSet, Axpy Axpy)
{
    public static AxpyVariant Of<TKernel>()
        where TKernel : struct, IAxpyKernel => new(typeof(TKernel), TKernel.InstructionSet, AxpyKernels.Axpy<TKernel>);
}

public abstract class AxpyLaws : KernelLaws
{
    private const int LongestLength = 257;
    private readonly AxpyVariant _variant;

    private protected AxpyLaws(AxpyVariant variant)
        : base(variant.Kernel, variant.InstructionSet) => _variant = variant;

    [Fact]
    public void Exact_on_integers_at_every_length_and_writes_nothing_beside()
    {
        NeedsInstructionSet();
        for (var length = 0; length <= LongestLength; length++)
        {
            float[] x = Values.Integers(length, length), y = Values.Integers(length + 2, length + 1);
            var expected = y.ToArray();
            for (var i = 0; i < length; i++)
            {
                expected[i + 1] += -7 * x[i];
            }

            _variant.Axpy(-7, x, y.AsSpan(1, length));
            Assert.Equal(expected, y);
        }
    }

    [Fact]
    public void Within_two_roundings_on_reals_at_any_alignment()
    {
        NeedsInstructionSet();
        for (var offset = 0; offset <= 16; offset++)
        {
            float[] x = Values.Reals(100 + offset, offset), y = Values.Reals(100, offset + 100), result = y.ToArray();
            _variant.Axpy(0.7f, x.AsSpan(offset), result);
            for (var i = 0; i < y.Length; i++)
            {
                var product = (double)0.7f * x[offset + i];
                Assert.True(Math.Abs(product + y[i] - result[i]) <= Rounding.Gamma(2) * (Math.Abs(product) + Math.Abs(y[i])));
            }
        }
    }

    [Fact]
    public void Special_values_stay_where_they_are()
    {
        NeedsInstructionSet();
        float[] x = [.. Enumerable.Repeat(1f, 37)], y = new float[37];
        (x[3], x[20], x[36]) = (float.NaN, float.PositiveInfinity, float.NegativeInfinity);
        _variant.Axpy(2, x, y);
        Assert.True(float.IsNaN(y[3]));
        Assert.Equal(float.PositiveInfinity, y[20]);
        Assert.Equal(float.NegativeInfinity, y[36]);
        Assert.Equal(34, y.Count(value => value == 2f));
    }

    [Fact]
    public void May_add_a_vector_to_itself()
    {
        NeedsInstructionSet();
        var x = Values.Integers(45, 3);
        var expected = x.Select(value => value * 4).ToArray();
        _variant.Axpy(3, x, x);
        Assert.Equal(expected, x);
    }

    [Fact]
    public void Refuses_lengths_that_do_not_fit()
    {
        NeedsInstructionSet();
        Assert.Throws<ArgumentException>(() => _variant.Axpy(1, new float[3], new float[4]));
    }
}
