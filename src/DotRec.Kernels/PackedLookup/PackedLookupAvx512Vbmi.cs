using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DotRec.Kernels;

/// <summary>
/// 512-bit vectors with byte permutes across the whole register: with the 16 entries repeated four times, the two upper bits of an index do not
/// matter, so the nibbles need no masks.
/// </summary>
internal readonly unsafe struct PackedLookupAvx512Vbmi : IPackedLookupKernel
{
    public static InstructionSet InstructionSet => InstructionSet.Avx512;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScanOne(PackedLookupRun* run, PackedLookupQuery* query) => PackedLookup512.ScanOne<PermutedBytes>(run, query);

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScanTwo(PackedLookupRun* run, PackedLookupQuery* queries) => PackedLookup512.ScanTwo<PermutedBytes>(run, queries);

    private readonly struct PermutedBytes : INibbleLookup512
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<byte> Low(Vector512<byte> table, Vector512<byte> codes) => Avx512Vbmi.PermuteVar64x8(table, codes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<byte> High(Vector512<byte> table, Vector512<byte> codes) =>
            Avx512Vbmi.PermuteVar64x8(table, Avx512BW.ShiftRightLogical(codes.AsUInt16(), 4).AsByte());
    }
}
