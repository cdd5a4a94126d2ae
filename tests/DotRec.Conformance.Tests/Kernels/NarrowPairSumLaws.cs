using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

[Trait(KernelLaws.TraitName, KernelLaws.TraitValue)]
public sealed unsafe class NarrowPairSumLaws
{
    private const int LongestLength = 140;

    [Fact]
    public void Exact_on_integers_at_every_length()
    {
        for (var length = 0; length <= LongestLength; length++)
        {
            NarrowPairCase.Integers(length).CheckExact(Placement.CacheLine);
        }
    }

    [Fact]
    public void Within_the_roundings_of_their_terms_on_reals()
    {
        for (var length = 1; length <= LongestLength; length++)
        {
            NarrowPairCase.Reals(length).CheckRounded();
        }
    }

    [Fact]
    public void A_vector_is_at_distance_zero_from_what_its_row_stands_for()
    {
        for (var length = 1; length <= LongestLength; length++)
        {
            var reals = NarrowPairCase.Reals(length);
            fixed (float* wide = reals.Wide, stepped = reals.Stepped, moved = reals.Moved, origin = reals.Origin)
            fixed (ushort* half = reals.Half)
            fixed (sbyte* codes = reals.Codes)
            {
                Assert.Equal(0, NarrowPairSums.Sum<SquaredDifferenceTerm>(wide, half, length));
                Assert.Equal(0, NarrowPairSums.Sum<SquaredDifferenceTerm>(stepped, codes, reals.Step, length));
                Assert.Equal(0, NarrowPairSums.Sum<SquaredDifferenceTerm>(moved, origin, codes, reals.Step, length));
            }
        }
    }
}
