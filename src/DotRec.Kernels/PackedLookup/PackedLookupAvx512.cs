using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DotRec.Kernels;

/// <summary>512-bit vectors, bytes shuffled within 128-bit lanes.</summary>
internal readonly unsafe struct PackedLookupAvx512 : IPackedLookupKernel
{
    public static InstructionSet InstructionSet => InstructionSet.Avx512;

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void ScanOne(PackedLookupRun* run, PackedLookupQuery* query) => PackedLookup512.ScanOne<ShuffledBytes>(run, query);

    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void ScanTwo(PackedLookupRun* run, PackedLookupQuery* queries) => PackedLookup512.ScanTwo<ShuffledBytes>(run, queries);

    private readonly struct ShuffledBytes : ILookup512
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<byte> Low(Vector512<byte> table, Vector512<byte> codes) => Avx512BW.Shuffle(table, codes & Vector512.Create((byte)0x0F));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<byte> High(Vector512<byte> table, Vector512<byte> codes) =>
            Avx512BW.Shuffle(table, Avx512BW.ShiftRightLogical(codes.AsUInt16(), 4).AsByte() & Vector512.Create((byte)0x0F));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Append(
            PackedLookupQuery* query, int found, int first, ulong low, ulong high, Vector512<short> run0, Vector512<short> run1, Vector512<short> run2,
            Vector512<short> run3)
        {
            var values = stackalloc short[PackedLookup.BlockItems];
            run0.Store(values);
            run1.Store(values + 32);
            run2.Store(values + 64);
            run3.Store(values + 96);
            return PackedLookupHits.Append(query, found, first, low, high, values);
        }
    }
}
