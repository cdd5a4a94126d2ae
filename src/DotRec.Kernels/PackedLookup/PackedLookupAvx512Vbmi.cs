using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DotRec.Kernels;

/// <summary>
/// 512-bit vectors with byte permutes across the whole register: with the 16 entries repeated four times, the two upper bits of an index do not
/// matter, so the nibbles need no masks. With VBMI2, which all these processors but the first have, what was found is compressed.
/// </summary>
internal readonly unsafe struct PackedLookupAvx512Vbmi : IPackedLookupKernel
{
    public static InstructionSet InstructionSet => InstructionSet.Avx512;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void ScanOne(PackedLookupRun* run, PackedLookupQuery* query) => PackedLookup512.ScanOne<PermutedBytes>(run, query);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void ScanTwo(PackedLookupRun* run, PackedLookupQuery* queries) => PackedLookup512.ScanTwo<PermutedBytes>(run, queries);

    private readonly struct PermutedBytes : ILookup512
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<byte> Low(Vector512<byte> table, Vector512<byte> codes) => Avx512Vbmi.PermuteVar64x8(table, codes);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<byte> High(Vector512<byte> table, Vector512<byte> codes) =>
            Avx512Vbmi.PermuteVar64x8(table, Avx512BW.ShiftRightLogical(codes.AsUInt16(), 4).AsByte());

        // Compressing writes any number of items in the same few instructions: no loop whose end nobody can predict.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Append(
            PackedLookupQuery* query, int found, int first, ulong low, ulong high, Vector512<short> run0, Vector512<short> run1, Vector512<short> run2,
            Vector512<short> run3)
        {
            var bitOfLane = Vector512.Create(
                1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768,
                1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, (ushort)32768);
            found = Append(query, found, first, (uint)low, run0, bitOfLane);
            found = Append(query, found, first + 32, (uint)(low >> 32), run1, bitOfLane);
            found = Append(query, found, first + 64, (uint)high, run2, bitOfLane);
            return Append(query, found, first + 96, (uint)(high >> 32), run3, bitOfLane);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static int Append(PackedLookupQuery* query, int found, int first, uint hits, Vector512<short> values, Vector512<ushort> bitOfLane)
        {
            // Both halves of a vector meet 16 bits: those of the lower half the lower ones.
            var bits = Vector512.Create(Vector256.Create((ushort)hits), Vector256.Create((ushort)(hits >> 16)));
            var mask = Vector512.Equals(bits & bitOfLane, bitOfLane);
            var positions = Vector512<ushort>.Indices + Vector512.Create((ushort)first);
            Avx512Vbmi2.Compress(positions, mask, positions).Store(query->Positions + found);
            Avx512Vbmi2.Compress(values, mask.AsInt16(), values).Store(query->Values + found);
            return found + BitOperations.PopCount(hits);
        }
    }
}
