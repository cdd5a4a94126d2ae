using CsCheck;

namespace DotRec.Conformance.Tests;

[Trait(KernelLaws.TraitName, KernelLaws.TraitValue)]
public sealed class PackedLookupTableLaws
{
    [Fact]
    public void Entries_are_rounded_inner_products_and_no_sum_of_them_leaves_16_bits()
    {
        Gen.Select(Gen.Int[1, 40], Gen.Int[2, 4], Gen.Int[0, 1_000_000], Gen.Bool).Sample(
            (subspaces, width, seed, heavyTailed) => PackedLookupTableCase.Random(subspaces, width, seed, heavyTailed).Check(Placement.CacheLine),
            iter: 300, threads: 1);
    }

    [Fact]
    public void Sums_of_very_many_subspaces_do_not_leave_16_bits()
    {
        foreach (var subspaces in new[] { 500, 1100, 5000, 16_382, 16_383, 20_000 })
        {
            PackedLookupTableCase.Random(subspaces, 2, subspaces, heavyTailed: false).Check(Placement.CacheLine);
        }
    }

    [Fact]
    public void Codewords_that_score_alike_or_not_at_all_give_tables_of_zeros()
    {
        foreach (var value in new[] { 0f, 1f, 1e-38f, float.NaN })
        {
            var alike = PackedLookupTableCase.Alike(5, 3, value);
            var (tables, offset, shift, units, _) = alike.Fill(Placement.CacheLine);
            Assert.All(tables, entry => Assert.Equal(0, entry));
            Assert.Equal((0, 0, double.PositiveInfinity), (offset, shift, units));
        }
    }
}
