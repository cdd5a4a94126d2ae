using System.Text.Json.Nodes;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>Milliseconds of loss and both gradients of the in-batch softmax: each instruction set, each thread count. One thread in processor time, several in wall time.</summary>
internal static class SoftmaxTable
{
    private static readonly (string Name, int Rows, int Items, int Dimension, bool Masks)[] Shapes =
    [
        ("every candidate", 4096, 0, 32, false),
        ("every candidate", 8192, 0, 32, false),
        ("every candidate", 8192, 0, 64, false),
        ("with T, log Q and accidental hits", 8192, 0, 32, true),
        ("distinct candidates of 1,682 items", 8192, 1682, 32, false),
        ("distinct candidates of 1,682 items", 8192, 1682, 64, false),
        ("padded dimension", 8192, 0, 50, false),
    ];

    public static int Print()
    {
        Console.WriteLine(Measure().ToMarkdown());
        return 0;
    }

    /// <summary>Milliseconds, a batch a row.</summary>
    public static ResultTable Measure()
    {
        var table = new List<JsonNode?[]>();
        InstructionSet[] sets = [.. Enum.GetValues<InstructionSet>().Where(KernelSelection.IsSupported)];
        int[] threadCounts = [.. new[] { 1, Parallelism.MaxDegreeOfParallelism }.Distinct()];
        foreach (var (name, rows, items, dimension, masks) in Shapes)
        {
            var data = new SoftmaxData(rows, items, dimension, masks);
            List<JsonNode?> cells = [name, $"{rows} x {data.Columns} x {dimension}"];
            foreach (var threads in threadCounts)
            {
                Parallelism.MaxDegreeOfParallelism = threads;
                cells.AddRange(sets.Select(set => ResultTable.Number(1000 * Seconds(threads, () => data.Compute(set)))));
            }

            table.Add([.. cells]);
        }

        return new ResultTable(
            [new("batch"), new("B x N x D"), .. threadCounts.SelectMany(t => sets.Select(s => new ResultColumn($"{s} {t}t", "F2")))], table);
    }

    private static double Seconds(int threads, Action run) => threads == 1 ? Stopclock.ShortestOnOneThread(run, 0.4) : Stopclock.Shortest(run, 0.4);
}
