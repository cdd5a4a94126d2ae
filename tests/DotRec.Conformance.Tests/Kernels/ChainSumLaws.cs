using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

public sealed class ChainSumPortableLaws() : ChainSumLaws(ChainSumVariant.Of<ChainSumPortable>());

public sealed class ChainSumAvx2Laws() : ChainSumLaws(ChainSumVariant.Of<ChainSumAvx2>());

public sealed class ChainSumAvx512Laws() : ChainSumLaws(ChainSumVariant.Of<ChainSumAvx512>());

internal unsafe delegate void ChainSum(ReadOnlySpan<float> query, float* matrix, ReadOnlySpan<int> rows, Span<float> sums);

internal sealed record ChainSumVariant(Type Kernel, InstructionSet InstructionSet, ChainSum Products, ChainSum Distances)
{
    public static unsafe ChainSumVariant Of<TKernel>()
        where TKernel : struct, IChainSumKernel =>
        new(typeof(TKernel), TKernel.InstructionSet, ChainSums.Sum<TKernel, ProductTerm>, ChainSums.Sum<TKernel, SquaredDifferenceTerm>);
}

public abstract unsafe class ChainSumLaws : KernelLaws
{
    private const int LongestLength = 70;
    private const int RowCount = 41;
    private readonly ChainSumVariant _variant;

    private protected ChainSumLaws(ChainSumVariant variant)
        : base(variant.Kernel, variant.InstructionSet) => _variant = variant;

    [Fact]
    public void Bits_of_one_chain_at_every_length_and_number_of_rows()
    {
        NeedsInstructionSet();
        for (var dimension = 1; dimension <= LongestLength; dimension++)
        {
            float[] query = Values.Reals(dimension, dimension), matrix = Values.Reals(RowCount * dimension, dimension + 1, heavyTailed: true);
            fixed (float* first = matrix)
            {
                // Any order, and one row twice.
                var rows = Enumerable.Range(0, dimension % RowCount).Select(i => (i * 17 + 5) % RowCount).Append(5).ToArray();
                var sums = new float[rows.Length];
                _variant.Products(query, first, rows, sums);
                Assert.Equal(rows.Select(row => Chain(query, matrix.AsSpan(row * dimension, dimension), 0)), sums);
                _variant.Distances(query, first, rows, sums);
                Assert.Equal(rows.Select(row => Chain(query, matrix.AsSpan(row * dimension, dimension), 1)), sums);
            }
        }
    }

    [Fact]
    public void No_rows_are_no_sums()
    {
        NeedsInstructionSet();
        _variant.Products([1, 2], null, [], []);
        Assert.Throws<ArgumentException>(() => _variant.Products([1, 2], null, [0, 1], new float[1]));
    }

    private static float Chain(ReadOnlySpan<float> query, ReadOnlySpan<float> row, int distance)
    {
        var sum = 0f;
        for (var j = 0; j < query.Length; j++)
        {
            sum = distance == 0 ? float.MultiplyAddEstimate(query[j], row[j], sum) : float.MultiplyAddEstimate(query[j] - row[j], query[j] - row[j], sum);
        }

        return sum;
    }
}
