using BenchmarkDotNet.Attributes;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>How fast is a dense layer forward, by instruction set and batch size? `gemm` prints more shapes in less time.</summary>
[InProcess]
public class GemmBenchmark
{
    private const int Inputs = 128;
    private const int Outputs = 64;
    private float[] _x = [];
    private float[] _weights = [];
    private float[] _y = [];

    [Params(1, 64, 8192)]
    public int Batch { get; set; }

    [GlobalSetup]
    public void Setup() => (_x, _weights, _y) = (RandomValues.Normals(Batch * Inputs, 1), RandomValues.Normals(Inputs * Outputs, 2), new float[Batch * Outputs]);

    [Benchmark(Baseline = true)]
    public void Portable() => Multiply<GemmPortable, PairSumPortable>();

    [Benchmark]
    public void Avx2() => Multiply<GemmAvx2, PairSumAvx2>();

    [Benchmark]
    public void Avx512() => Multiply<GemmAvx512, PairSumAvx512>();

    private void Multiply<TKernel, TPairSum>()
        where TKernel : struct, IGemmKernel
        where TPairSum : struct, IPairSumKernel =>
        GemmKernels.Multiply<TKernel, TPairSum>(false, false, Batch, Outputs, Inputs, _x, Inputs, _weights, Outputs, _y, Outputs, false);
}
