using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>The kernels that read mapped files, on buffers between guard pages, with their answers. Explicit, as <see cref="GuardedKernels"/> is.</summary>
public sealed class GuardedScans
{
    private static readonly PackedLookupScanner[] Scanners =
    [
        PackedLookupScanner.Of<PackedLookupPortable>(PackedLookupVariant.Portable),
        PackedLookupScanner.Of<PackedLookupAdvSimd>(PackedLookupVariant.AdvSimd),
        PackedLookupScanner.Of<PackedLookupAvx2>(PackedLookupVariant.Avx2),
        PackedLookupScanner.Of<PackedLookupAvx512>(PackedLookupVariant.Avx512BW),
        PackedLookupScanner.Of<PackedLookupAvx512Vbmi>(PackedLookupVariant.Avx512Vbmi),
    ];

    private static readonly PanelVariant[] Panels = [PanelVariant.Of<PanelPortable>(), PanelVariant.Of<PanelAvx2>(), PanelVariant.Of<PanelAvx512>()];

    [Fact(Explicit = true)]
    public void Packed_lookups_of_whole_and_broken_blocks()
    {
        foreach (var count in new[] { 1, 31, 32, 33, 64, 65, 96, 127, 128, 129, 255, 256, 257, 300 })
        {
            foreach (var rows in new[] { 1, 2, 3, 4, 5, 8, 25 })
            {
                // Few items, half of them, and all, so that the last one's position is the last there is room for.
                foreach (var selectivity in new[] { 0.02, 0.5, 1 })
                {
                    for (var filtering = 0; filtering <= 2; filtering++)
                    {
                        Check(PackedLookupCase.Random(count, rows, selectivity, filtering, (ulong)(count + rows)));
                    }
                }
            }
        }
    }

    [Fact(Explicit = true)]
    public void Panels_of_every_width()
    {
        foreach (var variant in Panels.Where(variant => KernelSelection.IsSupported(variant.InstructionSet)))
        {
            foreach (var placement in GuardedKernels.Placements)
            {
                for (var dimension = 1; dimension <= 70; dimension++)
                {
                    for (var function = 0; function < variant.One.Length; function++)
                    {
                        PanelCase.Random(function, dimension).Check(variant, placement);
                    }
                }
            }
        }
    }

    private static void Check(PackedLookupCase lookup)
    {
        foreach (var scanner in Scanners.Where(scanner => PackedLookupKernels.IsSupported(scanner.Variant)))
        {
            foreach (var placement in GuardedKernels.Placements)
            {
                lookup.Check(scanner, placement);
            }
        }
    }
}
