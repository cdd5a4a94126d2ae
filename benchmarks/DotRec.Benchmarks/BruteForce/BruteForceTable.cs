using System.Globalization;
using System.Numerics.Tensors;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>
/// Prints queries a second of exact search beside the bandwidth of memory: a single query has to read every embedding once, so its bound is
/// the speed at which one thread can read as many bytes.
/// </summary>
internal static class BruteForceTable
{
    private const int Dimension = 32;
    private const int K = 10;
    private const int BatchSize = 256;

    public static int Print()
    {
        InstructionSet[] sets = [.. Enum.GetValues<InstructionSet>().Where(KernelSelection.IsSupported)];
        Console.WriteLine($"exact search, D = {Dimension}, k = {K}, batches of {BatchSize}, {Parallelism.MaxDegreeOfParallelism} threads");
        Console.WriteLine("| items | score | kernels | single, 1 thread: QPS | GB/s | read alone, 1 thread: GB/s | batch, 1 thread: QPS | GFLOPS | batch, all threads: QPS |");
        Console.WriteLine("|---:|---|---|---:|---:|---:|---:|---:|---:|");
        foreach (var count in new[] { 10_000, 100_000, 1_680_000 })
        {
            var random = new SeededRandom(1);
            var (embeddings, queries) = (Normals(random, count * Dimension), Normals(random, BatchSize * Dimension));
            foreach (var function in Enum.GetValues<ScoreFunction>())
            {
                foreach (var set in function == ScoreFunction.Dot ? sets : [KernelSelection.Current])
                {
                    Print(embeddings, queries, function, set);
                }
            }
        }

        return 0;
    }

    private static void Print(float[] embeddings, float[] queries, ScoreFunction function, InstructionSet set)
    {
        using var index = BruteForceIndex.Build(embeddings, Dimension, null, function, set);
        var threads = Parallelism.MaxDegreeOfParallelism;
        var results = new Candidate[BatchSize * K];
        var counts = new int[BatchSize];
        var next = 0;
        var single = Stopclock.Shortest(() =>
        {
            next = (next + 1) % BatchSize;
            index.Search(queries.AsSpan(next * Dimension, Dimension), results.AsSpan(0, K));
        });
        var read = Stopclock.Shortest(() => TensorPrimitives.Sum<float>(embeddings));
        Parallelism.MaxDegreeOfParallelism = 1;
        var batch = Stopclock.Shortest(() => index.SearchBatch(queries, K, results, counts));
        Parallelism.MaxDegreeOfParallelism = threads;
        var parallel = Stopclock.Shortest(() => index.SearchBatch(queries, K, results, counts));
        var bytes = 4.0 * embeddings.Length;
        var flops = 2.0 * embeddings.Length * BatchSize;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {index.Count} | {function} | {set} | {1 / single:f0} | {bytes / single / 1e9:f1} | {bytes / read / 1e9:f1} | {BatchSize / batch:f0} | {flops / batch / 1e9:f0} | {BatchSize / parallel:f0} |"));
    }

    private static float[] Normals(SeededRandom random, int length)
    {
        var values = new float[length];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        return values;
    }
}
