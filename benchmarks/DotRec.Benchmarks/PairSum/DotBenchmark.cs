using System.Numerics.Tensors;
using BenchmarkDotNet.Attributes;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>How long does one inner product take, and is it worth its own code beside TensorPrimitives?</summary>
[InProcess]
public class DotBenchmark
{
    private float[] _x = [];
    private float[] _y = [];

    [Params(16, 32, 50, 64, 128, 256)]
    public int Dimension { get; set; }

    [GlobalSetup]
    public void Setup() => (_x, _y) = (RandomValues.Normals(Dimension, 1), RandomValues.Normals(Dimension, 2));

    [Benchmark(Baseline = true)]
    public float TensorPrimitivesDot() => TensorPrimitives.Dot<float>(_x, _y);

    [Benchmark]
    public float Portable() => PairSums.One<PairSumPortable, ProductTerm>(_x, _y);

    [Benchmark]
    public float Avx2() => PairSums.One<PairSumAvx2, ProductTerm>(_x, _y);

    [Benchmark]
    public float Avx512() => PairSums.One<PairSumAvx512, ProductTerm>(_x, _y);
}
