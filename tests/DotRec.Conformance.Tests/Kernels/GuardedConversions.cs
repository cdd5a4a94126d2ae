using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>What surrounds a scan, on buffers between guard pages, with its answers. Explicit, as <see cref="GuardedKernels"/> is.</summary>
public sealed class GuardedConversions
{
    [Fact(Explicit = true)]
    public void Sums_with_rows_in_fewer_bits()
    {
        foreach (var placement in GuardedKernels.Placements)
        {
            for (var length = 0; length <= 140; length++)
            {
                NarrowPairCase.Integers(length).CheckExact(placement);
            }
        }
    }

    [Fact(Explicit = true)]
    public void Tables_and_scores_of_packed_lookups()
    {
        foreach (var placement in GuardedKernels.Placements)
        {
            for (var size = 1; size <= 100; size++)
            {
                PackedLookupTableCase.Random(size, 2 + (size % 3), size, heavyTailed: false).Check(placement);
                PackedLookupScoreCase.Random(size).Check(placement);
            }
        }
    }

    [Fact(Explicit = true)]
    public void Rounding_for_short_products()
    {
        foreach (var placement in GuardedKernels.Placements)
        {
            for (var length = 0; length <= 70; length++)
            {
                ShortRoundingLaws.Check(Values.Reals(length, length), ShortProducts.One, length % 5, placement);
                ShortRoundingLaws.CheckScale(length % (ShortProducts.Rows + 4), placement);
            }
        }
    }
}
