using System.Text.Json.Nodes;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>GFLOPS of matrix products for shapes of recommender models: each instruction set, each thread count, beside OpenBLAS. One thread in processor time, several in wall time.</summary>
internal static class GemmTable
{
    // Dense and cross layers forward (NN), their input gradients (NT), their weight gradients (TN), scoring of a corpus (NT), small ones.
    private static readonly (string Name, int M, int N, int K, bool TransposeA, bool TransposeB)[] Shapes =
    [
        ("cross layer, NT", 8192, 416, 416, false, true),
        ("cross layer, NN", 8192, 416, 416, false, false),
        ("its weights, TN", 416, 416, 8192, true, false),
        ("dense 192, NT", 8192, 192, 192, false, true),
        ("dense 416-256, NN", 8192, 256, 416, false, false),
        ("dense 192, NN", 1024, 192, 192, false, false),
        ("dense 128-64, NN", 8192, 64, 128, false, false),
        ("dense 64-32, NN", 8192, 32, 64, false, false),
        ("its input, NT", 8192, 64, 32, false, true),
        ("its weights, TN", 64, 32, 8192, true, false),
        ("64 queries x 100k items", 64, 100_000, 64, false, true),
        ("batch 64, NN", 64, 64, 64, false, false),
        ("batch 8, NN", 8, 64, 64, false, false),
        ("batch 1, NN", 1, 64, 64, false, false),
        ("batch 1, NT", 1, 64, 64, false, true),
        ("batch 1 wide, NN", 1, 256, 416, false, false),
        ("odd, NN", 101, 67, 53, false, false),
        ("both transposed, TT", 500, 500, 500, true, true),
    ];

    public static int Print()
    {
        Console.WriteLine(Measure().ToMarkdown());
        return 0;
    }

    /// <summary>GFLOPS, a shape a row.</summary>
    public static ResultTable Measure()
    {
        var rows = new List<JsonNode?[]>();
        var blas = OpenBlas.CoreName();
        InstructionSet[] sets = [.. Enum.GetValues<InstructionSet>().Where(KernelSelection.IsSupported)];
        int[] threadCounts = [.. new[] { 1, Parallelism.MaxDegreeOfParallelism }.Distinct()];
        foreach (var (name, m, n, k, ta, tb) in Shapes)
        {
            float[] a = RandomValues.Normals(m * k, 1), b = RandomValues.Normals(n * k, 2), c = new float[m * n];
            int lda = ta ? m : k, ldb = tb ? k : n;
            List<JsonNode?> cells = [name, $"{m} x {n} x {k}"];
            foreach (var threads in threadCounts)
            {
                Parallelism.MaxDegreeOfParallelism = threads;
                foreach (var set in sets)
                {
                    cells.Add(Gflops(m, n, k, threads, Multiply(set, ta, tb, m, n, k, a, lda, b, ldb, c)));
                }

                if (blas is not null)
                {
                    OpenBlas.SetThreads(threads);
                }

                cells.Add(blas is null ? null : Gflops(m, n, k, threads, () => OpenBlas.Multiply(ta, tb, m, n, k, a, lda, b, ldb, c, n)));
            }

            rows.Add([.. cells]);
        }

        return new ResultTable(
            [
                new("shape"), new("m x n x k"),
                .. threadCounts.SelectMany(t => sets.Select(s => $"{s} {t}t").Append($"OpenBLAS {blas} {t}t")).Select(title => new ResultColumn(title, "F1")),
            ],
            rows);
    }

    private static JsonValue Gflops(int m, int n, int k, int threads, Action run) =>
        ResultTable.Number(2.0 * m * n * k / (threads == 1 ? Stopclock.ShortestOnOneThread(run) : Stopclock.Shortest(run, 0.3)) / 1e9);

    private static Action Multiply(InstructionSet set, bool ta, bool tb, int m, int n, int k, float[] a, int lda, float[] b, int ldb, float[] c) => set switch
    {
        InstructionSet.Avx512 => () => GemmKernels.Multiply<GemmAvx512, PairSumAvx512>(ta, tb, m, n, k, a, lda, b, ldb, c, n, false),
        InstructionSet.Avx2 => () => GemmKernels.Multiply<GemmAvx2, PairSumAvx2>(ta, tb, m, n, k, a, lda, b, ldb, c, n, false),
        _ => () => GemmKernels.Multiply<GemmPortable, PairSumPortable>(ta, tb, m, n, k, a, lda, b, ldb, c, n, false),
    };
}
