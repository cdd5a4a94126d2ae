using CsCheck;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

public sealed class PackedLookupPortableLaws() : PackedLookupLaws(PackedLookupScanner.Of<PackedLookupPortable>(PackedLookupVariant.Portable));

public sealed class PackedLookupAdvSimdLaws() : PackedLookupLaws(PackedLookupScanner.Of<PackedLookupAdvSimd>(PackedLookupVariant.AdvSimd));

public sealed class PackedLookupAvx2Laws() : PackedLookupLaws(PackedLookupScanner.Of<PackedLookupAvx2>(PackedLookupVariant.Avx2));

public sealed class PackedLookupAvx512Laws() : PackedLookupLaws(PackedLookupScanner.Of<PackedLookupAvx512>(PackedLookupVariant.Avx512BW));

public sealed class PackedLookupAvx512VbmiLaws() : PackedLookupLaws(PackedLookupScanner.Of<PackedLookupAvx512Vbmi>(PackedLookupVariant.Avx512Vbmi));

internal unsafe delegate void PackedLookupScan(PackedLookupRun* run, PackedLookupQuery* queries);

internal sealed unsafe record PackedLookupScanner(
    Type Kernel, InstructionSet InstructionSet, PackedLookupVariant Variant, PackedLookupScan One, PackedLookupScan Two)
{
    public static PackedLookupScanner Of<TKernel>(PackedLookupVariant variant)
        where TKernel : struct, IPackedLookupKernel => new(typeof(TKernel), TKernel.InstructionSet, variant, TKernel.ScanOne, TKernel.ScanTwo);
}

public abstract class PackedLookupLaws : KernelLaws
{
    private readonly PackedLookupScanner _variant;

    private protected PackedLookupLaws(PackedLookupScanner variant)
        : base(variant.Kernel, variant.InstructionSet) => _variant = variant;

    [Fact]
    public void Finds_what_integer_arithmetic_finds_with_the_same_values()
    {
        NeedsVariant();
        Gen.Select(Gen.Int[1, 1400], Gen.Int[1, 70], Gen.Double[0, 1], Gen.Int[0, 2], Gen.ULong).Sample(
            (count, rows, selectivity, filtering, seed) => PackedLookupCase.Random(count, rows, selectivity, filtering, seed).Check(_variant),
            iter: 200, threads: 1);
    }

    [Fact]
    public void Every_number_of_rows_and_blocks_up_to_300_is_exact()
    {
        NeedsVariant();
        for (var size = 1; size <= 300; size++)
        {
            PackedLookupCase.Random(1 + (size * 7 % 260), size, 0.1, size % 3, (ulong)size).Check(_variant);
            PackedLookupCase.Random((size * PackedLookup.BlockItems) - (size * 31 % 128), 1 + (size % 5), 0.02, size % 3, (ulong)size).Check(_variant);
        }
    }

    [Fact]
    public void The_greatest_sums_do_not_overflow()
    {
        NeedsVariant();

        // 520 rows of entries up to 63 fill 15 bits; 1040 rows fill 16, half of them below the offset.
        foreach (var (rows, offset) in new[] { (520, 0), (1040, 32_760) })
        {
            var lookup = PackedLookupCase.Random(300, rows, 0.5, 0, 1);
            lookup.Tables[0].AsSpan().Fill(PackedLookup.MaxEntry);
            (lookup.Offsets[0], lookup.Shifts[0]) = (offset, 0);
            lookup.Check(_variant);
        }
    }

    [Fact]
    public void Packing_keeps_every_code()
    {
        NeedsVariant();
        foreach (var items in new[] { 1, 2, 31, 33, 64, 65, 97, 127, 128 })
        {
            var codes = Values.Integers(items * 5, items).Select(value => (byte)((int)value & 15)).ToArray();
            var block = new byte[5 * PackedLookup.RowBytes];
            PackedLookup.Pack(codes, 5, block);
            for (var item = 0; item < PackedLookup.BlockItems; item++)
            {
                for (var row = 0; row < 5; row++)
                {
                    Assert.Equal(item < items ? codes[(item * 5) + row] : 0, PackedLookup.Unpack(block, item, row));
                }
            }
        }
    }

    private void NeedsVariant()
    {
        NeedsInstructionSet();
        Assert.SkipUnless(PackedLookupKernels.IsSupported(_variant.Variant), $"This process cannot run {_variant.Variant} kernels.");
    }
}
