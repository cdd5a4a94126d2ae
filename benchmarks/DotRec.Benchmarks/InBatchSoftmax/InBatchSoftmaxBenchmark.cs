using BenchmarkDotNet.Attributes;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>How long do loss and both gradients of one training batch take? `softmax` prints more batches in less time.</summary>
[InProcess]
public class InBatchSoftmaxBenchmark
{
    private SoftmaxData? _data;

    /// <summary>0: all 4,096 candidates. Else the distinct ones of a catalogue of so many items.</summary>
    [Params(0, 1682)]
    public int Items { get; set; }

    [GlobalSetup]
    public void Setup() => _data = new SoftmaxData(4096, Items, 32, masks: false);

    [Benchmark(Baseline = true)]
    public double Portable() => _data!.Compute(InstructionSet.Portable);

    [Benchmark]
    public double Avx2() => _data!.Compute(InstructionSet.Avx2);

    [Benchmark]
    public double Avx512() => _data!.Compute(InstructionSet.Avx512);
}
