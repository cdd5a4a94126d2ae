using CsCheck;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

public sealed class GemmPortableLaws() : GemmLaws(GemmVariant.Of<GemmPortable, PairSumPortable>());

public sealed class GemmAvx2Laws() : GemmLaws(GemmVariant.Of<GemmAvx2, PairSumAvx2>());

public sealed class GemmAvx512Laws() : GemmLaws(GemmVariant.Of<GemmAvx512, PairSumAvx512>());

public abstract class GemmLaws : KernelLaws
{
    private static readonly Gen<int> Sizes = Gen.Frequency((6, Gen.Int[0, 40]), (3, Gen.Int[30, 110]), (1, Gen.Int[505, 520]), (1, Gen.Const(512)));

    // The summed axis reaches beyond one part of a split product.
    private static readonly Gen<int> Steps = Gen.Frequency((20, Sizes), (1, Gen.Int[1000, 1100]));
    private static readonly Gen<GemmCase> Cases = Gen.Select(
        Gen.Select(Sizes, Sizes, Steps), Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool), Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5], Gen.Int[0, 5]), Gen.Int[0, 1 << 20],
        (sizes, flags, gaps, seed) =>
            new GemmCase(sizes.Item1, sizes.Item2, sizes.Item3, flags.Item1, flags.Item2, flags.Item3, gaps.Item1, gaps.Item2, gaps.Item3, seed));

    private readonly GemmVariant _variant;

    private protected GemmLaws(GemmVariant variant)
        : base(variant.Kernel, variant.InstructionSet) => _variant = variant;

    [Fact]
    public void Every_path_is_exact_on_integers_and_writes_nothing_beside()
    {
        NeedsInstructionSet();
        Cases.Sample(
            product =>
            {
                var (a, b, c) = product.Operands(Values.Integers);
                var (expected, _) = product.Expected(a, b, c);
                foreach (var path in _variant.Paths(product))
                {
                    var result = c.ToArray();
                    path(product, a, b, result);
                    Assert.Equal(expected.Select(value => (float)value), result);
                }
            },
            iter: 100, threads: 1);
    }

    [Fact]
    public void Every_path_is_within_the_rounding_bound_on_reals()
    {
        NeedsInstructionSet();
        Cases.Sample(
            product =>
            {
                var (a, b, c) = product.Operands((length, seed) => Values.Reals(length, seed, heavyTailed: seed % 2 == 0));
                var (expected, size) = product.Expected(a, b, c);
                foreach (var path in _variant.Paths(product))
                {
                    var result = c.ToArray();
                    path(product, a, b, result);
                    for (var i = 0; i < result.Length; i++)
                    {
                        Assert.True(
                            Math.Abs(expected[i] - result[i]) <= Rounding.Gamma(product.K + 2) * size[i], $"value {i}: {result[i]}, expected {expected[i]}");
                    }
                }
            },
            iter: 40, threads: 1);
    }

    [Fact]
    public void A_NaN_spoils_its_row_and_column_and_nothing_else()
    {
        NeedsInstructionSet();
        var product = new GemmCase(29, 45, 33, TransposeA: false, TransposeB: false, Accumulate: false, 0, 0, 0, Seed: 3);
        var (a, b, c) = product.Operands(Values.Integers);
        a[(7 * 33) + 5] = float.NaN;
        b[(9 * 45) + 11] = float.NaN;
        foreach (var path in _variant.Paths(product))
        {
            path(product, a, b, c);
            for (var i = 0; i < product.M; i++)
            {
                for (var j = 0; j < product.N; j++)
                {
                    Assert.Equal(i == 7 || j == 11, float.IsNaN(c[(i * product.N) + j]));
                }
            }
        }
    }
}
