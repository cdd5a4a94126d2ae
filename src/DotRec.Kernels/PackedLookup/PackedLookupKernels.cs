using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace DotRec.Kernels;

/// <summary>The variants of the packed lookup, and which of them this processor runs.</summary>
internal enum PackedLookupVariant
{
    /// <summary><see cref="PackedLookupPortable"/>.</summary>
    Portable,

    /// <summary><see cref="PackedLookupAdvSimd"/>.</summary>
    AdvSimd,

    /// <summary><see cref="PackedLookupAvx2"/>.</summary>
    Avx2,

    /// <summary><see cref="PackedLookupAvx512"/>.</summary>
    Avx512BW,

    /// <summary><see cref="PackedLookupAvx512Vbmi"/>.</summary>
    Avx512Vbmi,
}

/// <summary>Chooses a variant of the packed lookup.</summary>
internal static class PackedLookupKernels
{
    /// <summary>The variant for <see cref="KernelSelection.Current"/>.</summary>
    public static PackedLookupVariant Current => Of(KernelSelection.Current);

    private static bool HasVbmi => Avx512Vbmi.IsSupported && Avx512Vbmi2.IsSupported;

    /// <summary>
    /// The fastest variant that needs no more than an instruction set, and VBMI where the processor has it beside AVX-512; on Arm64 128-bit vectors are
    /// AdvSimd's.
    /// </summary>
    public static PackedLookupVariant Of(InstructionSet instructionSet) => instructionSet switch
    {
        InstructionSet.Avx512 => HasVbmi ? PackedLookupVariant.Avx512Vbmi : PackedLookupVariant.Avx512BW,
        InstructionSet.Avx2 => PackedLookupVariant.Avx2,
        _ => AdvSimd.Arm64.IsSupported ? PackedLookupVariant.AdvSimd : PackedLookupVariant.Portable,
    };

    /// <summary>Whether this process can run a variant.</summary>
    public static bool IsSupported(PackedLookupVariant variant) => variant switch
    {
        PackedLookupVariant.Avx512Vbmi => KernelSelection.IsSupported(InstructionSet.Avx512) && HasVbmi,
        PackedLookupVariant.Avx512BW => KernelSelection.IsSupported(InstructionSet.Avx512),
        PackedLookupVariant.Avx2 => KernelSelection.IsSupported(InstructionSet.Avx2),
        PackedLookupVariant.AdvSimd => AdvSimd.Arm64.IsSupported,
        _ => true,
    };
}
