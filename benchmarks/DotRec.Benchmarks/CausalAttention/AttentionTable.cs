using System.Text.Json.Nodes;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>
/// GFLOPS of causal attention on one thread in processor time, both passes, each instruction set. Counted are the pairs of positions that see each other (4·D
/// operations a pair forwards, 10·D backwards), not what tiles multiply beside them. Beside it stands a plain product, [8192, D]·[D, 3·D] as the layer before has it.
/// </summary>
internal static class AttentionTable
{
    private static readonly (string Name, int Count, int Length, int Dimension, int Heads)[] Shapes =
    [
        ("sequences of 200", 41, 200, 64, 1),
        ("sequences of 200", 41, 200, 64, 2),
        ("sequences of 200", 41, 200, 128, 1),
        ("sequences of 50", 164, 50, 64, 1),
        ("sequences of 7", 1170, 7, 64, 1),
        ("one sequence of 2,000", 1, 2000, 64, 1),
    ];

    public static int Print()
    {
        Console.WriteLine(Measure().ToMarkdown());
        return 0;
    }

    /// <summary>GFLOPS, a batch a row.</summary>
    public static ResultTable Measure()
    {
        var table = new List<JsonNode?[]>();
        InstructionSet[] sets = [.. Enum.GetValues<InstructionSet>().Where(KernelSelection.IsSupported)];
        var before = Parallelism.MaxDegreeOfParallelism;
        Parallelism.MaxDegreeOfParallelism = 1;
        foreach (var (name, count, length, dimension, heads) in Shapes)
        {
            var positions = count * length;
            float[] inputs = RandomValues.Normals(positions * 3 * dimension, 1), seeds = RandomValues.Normals(positions * dimension, 2), weights = RandomValues.Normals(3 * dimension * dimension, 3);
            float[] output = new float[positions * dimension], logSums = new float[positions * heads], gradient = new float[inputs.Length];
            int[] offsets = [.. Enumerable.Range(0, count + 1).Select(sequence => sequence * length)];
            var pairs = count * (length * (length + 1L) / 2);
            List<JsonNode?> cells = [name, $"{positions} x {dimension}, {heads}"];
            foreach (var set in sets)
            {
                var forwards = Stopclock.ShortestOnOneThread(() => Compute(set, Batch(), output, logSums), 0.3);
                var backwards = Stopclock.ShortestOnOneThread(() => Differentiate(set, Batch(), output, logSums, seeds, gradient), 0.3);
                cells.Add(ResultTable.Number(4e-9 * pairs * dimension / forwards));
                cells.Add(ResultTable.Number(10e-9 * pairs * dimension / backwards));
            }

            var product = Stopclock.ShortestOnOneThread(
                () => GemmKernels.Multiply(false, false, positions, 3 * dimension, dimension, seeds, dimension, weights, 3 * dimension, gradient, 3 * dimension), 0.3);
            cells.Add(ResultTable.Number(6e-9 * positions * dimension * dimension / product));
            table.Add([.. cells]);

            CausalAttentionBatch Batch() => new() { QueriesKeysValues = inputs, Offsets = offsets, Dimension = dimension, Heads = heads };
        }

        Parallelism.MaxDegreeOfParallelism = before;
        return new ResultTable(
            [new("batch"), new("P x D, heads"), .. sets.SelectMany(s => new ResultColumn[] { new($"{s} forwards", "F0"), new($"{s} backwards", "F0") }), new($"{sets[^1]} product", "F0")], table);
    }

    private static void Compute(InstructionSet set, in CausalAttentionBatch batch, float[] output, float[] logSums)
    {
        switch (set)
        {
            case InstructionSet.Avx512:
                CausalAttentionKernels.Compute<GemmAvx512, SoftmaxRowAvx512>(batch, output, logSums);
                break;
            case InstructionSet.Avx2:
                CausalAttentionKernels.Compute<GemmAvx2, SoftmaxRowAvx2>(batch, output, logSums);
                break;
            default:
                CausalAttentionKernels.Compute<GemmPortable, SoftmaxRowPortable>(batch, output, logSums);
                break;
        }
    }

    private static void Differentiate(InstructionSet set, in CausalAttentionBatch batch, float[] output, float[] logSums, float[] seeds, float[] gradient)
    {
        switch (set)
        {
            case InstructionSet.Avx512:
                CausalAttentionKernels.Differentiate<GemmAvx512, SoftmaxRowAvx512>(batch, output, logSums, seeds, gradient);
                break;
            case InstructionSet.Avx2:
                CausalAttentionKernels.Differentiate<GemmAvx2, SoftmaxRowAvx2>(batch, output, logSums, seeds, gradient);
                break;
            default:
                CausalAttentionKernels.Differentiate<GemmPortable, SoftmaxRowPortable>(batch, output, logSums, seeds, gradient);
                break;
        }
    }
}
