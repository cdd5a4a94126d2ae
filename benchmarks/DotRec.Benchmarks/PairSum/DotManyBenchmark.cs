using BenchmarkDotNet.Attributes;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>How long does scoring 10,000 rows and keeping the best 100 take?</summary>
[InProcess]
public class DotManyBenchmark
{
    private const int Rows = 10_000;
    private readonly float[] _scores = new float[Rows];
    private readonly TopSelector _selector = new(100);
    private float[] _query = [];
    private float[] _rows = [];

    [Params(32, 64, 128)]
    public int Dimension { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        (_query, _rows) = (RandomValues.Normals(Dimension, 1), RandomValues.Normals(Dimension * Rows, 2));
        DotKernels.DotMany(_query, _rows, _scores);
    }

    [Benchmark(Baseline = true)]
    public void Portable() => PairSums.Many<PairSumPortable, ProductTerm>(_query, _rows, _scores);

    [Benchmark]
    public void Avx2() => PairSums.Many<PairSumAvx2, ProductTerm>(_query, _rows, _scores);

    [Benchmark]
    public void Avx512() => PairSums.Many<PairSumAvx512, ProductTerm>(_query, _rows, _scores);

    [Benchmark]
    public void TopSelection()
    {
        _selector.Clear();
        _selector.AddRange(_scores, 0);
    }
}
