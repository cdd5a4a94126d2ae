using System.Globalization;
using System.Runtime.InteropServices;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>
/// Prints how fast each variant of the packed lookup scans 4-bit codes, on one thread, from the L2 cache, the L3 cache and memory: GB of codes a
/// second of processor time (a byte is two lookups), scale and threshold included. Two queries a pass count their codes twice.
/// </summary>
internal static unsafe class PackedLookupTable
{
    private static readonly (string Name, int Bytes)[] Sizes = [("L2, 256 KB", 256 << 10), ("L3, 8 MB", 8 << 20), ("memory, 128 MB", 128 << 20)];

    public static int Print()
    {
        Console.WriteLine("packed lookup, 1 thread, GB/s of codes: one query a pass / two queries a pass");
        Console.WriteLine($"| subspaces | variant | {string.Join(" | ", Sizes.Select(size => size.Name))} |");
        Console.WriteLine("|---:|---|---:|---:|---:|");
        foreach (var rows in new[] { 16, 25, 32, 64 })
        {
            foreach (var variant in Enum.GetValues<PackedLookupVariant>().Where(PackedLookupKernels.IsSupported))
            {
                var cells = Sizes.Select(size => variant switch
                {
                    PackedLookupVariant.Avx512Vbmi => Measure<PackedLookupAvx512Vbmi>(rows, size.Bytes),
                    PackedLookupVariant.Avx512BW => Measure<PackedLookupAvx512>(rows, size.Bytes),
                    PackedLookupVariant.Avx2 => Measure<PackedLookupAvx2>(rows, size.Bytes),
                    PackedLookupVariant.AdvSimd => Measure<PackedLookupAdvSimd>(rows, size.Bytes),
                    _ => Measure<PackedLookupPortable>(rows, size.Bytes),
                });
                Console.WriteLine($"| {rows} | {variant} | {string.Join(" | ", cells)} |");
            }
        }

        return 0;
    }

    private static string Measure<TKernel>(int rows, int bytes)
        where TKernel : struct, IPackedLookupKernel
    {
        var blocks = bytes / (rows * PackedLookup.RowBytes);
        var random = new SeededRandom(1);
        var codes = Random<ulong>(blocks * rows * PackedLookup.RowBytes / sizeof(ulong), random.NextBits);
        var scales = Random<short>(blocks * PackedLookup.BlockItems, () => (short)(16_000 + random.NextInt(16_000)));
        var tables = Random<byte>(rows * PackedLookup.Codewords, () => (byte)random.NextInt(PackedLookup.MaxEntry + 1));
        var found = Random<ushort>(2 * (PackedLookup.MaxCount + PackedLookupQuery.Slack), () => 0);
        var queries = stackalloc PackedLookupQuery[2];
        queries[0] = queries[1] = new PackedLookupQuery
        {
            Tables = (byte*)tables,
            Positions = (ushort*)found,
            Values = (short*)found + PackedLookup.MaxCount + PackedLookupQuery.Slack,
            Offset = 31 * rows,
            Shift = 3,
            Threshold = 32_766,
        };

        // A scan holds at most 65,536 items: larger corpora are scanned run by run, as partitions are.
        void Scan(int queriesAPass)
        {
            for (var first = 0; first < blocks; first += PackedLookup.MaxCount / PackedLookup.BlockItems)
            {
                var run = new PackedLookupRun
                {
                    Codes = (byte*)codes + ((long)first * rows * PackedLookup.RowBytes),
                    Scales = (short*)scales + ((long)first * PackedLookup.BlockItems),
                    Rows = rows,
                    Count = Math.Min(blocks - first, PackedLookup.MaxCount / PackedLookup.BlockItems) * PackedLookup.BlockItems,
                };
                if (queriesAPass == 1)
                {
                    TKernel.ScanOne(&run, queries);
                }
                else
                {
                    TKernel.ScanTwo(&run, queries);
                }
            }
        }

        var gigabytes = (double)blocks * rows * PackedLookup.RowBytes / 1e9;
        var (one, two) = (gigabytes / Stopclock.ShortestOnOneThread(() => Scan(1)), 2 * gigabytes / Stopclock.ShortestOnOneThread(() => Scan(2)));
        foreach (var buffer in new[] { codes, scales, tables, found })
        {
            NativeMemory.AlignedFree((void*)buffer);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{one:f0} / {two:f0}");
    }

    private static nint Random<T>(int length, Func<T> next)
        where T : unmanaged
    {
        var values = (T*)NativeMemory.AlignedAlloc((nuint)length * (nuint)sizeof(T), 4096);
        for (var i = 0; i < length; i++)
        {
            values[i] = next();
        }

        return (nint)values;
    }
}
