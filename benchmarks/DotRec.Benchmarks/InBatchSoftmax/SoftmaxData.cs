using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>A random batch: B rows whose candidates are all kept, or reduced to the distinct ones of a small catalogue.</summary>
internal sealed class SoftmaxData
{
    private readonly int _dimension;
    private readonly float[] _queries;
    private readonly float[] _candidates;
    private readonly float[] _queryGradient;
    private readonly float[] _candidateGradient;
    private readonly int[] _positives = [];
    private readonly float[] _columnBias = [];
    private readonly float[] _positiveBias = [];
    private readonly int[] _next = [];

    public SoftmaxData(int rows, int items, int dimension, bool masks)
    {
        var random = new SeededRandom(1);
        Columns = items == 0 ? rows : items;
        _dimension = dimension;
        _queries = RandomValues.Normals(rows * dimension, 1);
        _candidates = RandomValues.Normals(Columns * dimension, 2);
        _queryGradient = new float[_queries.Length];
        _candidateGradient = new float[_candidates.Length];
        if (items > 0)
        {
            _positives = [.. Enumerable.Range(0, rows).Select(_ => random.NextInt(items))];
            _columnBias = RandomValues.Normals(Columns, 3);
            _positiveBias = new float[Columns];
        }

        if (masks)
        {
            _columnBias = RandomValues.Normals(Columns, 4);
            _next = new int[Columns];
            EqualColumns.Link(Enumerable.Range(0, Columns).Select(_ => random.NextInt(1682)).ToArray(), _next);
        }
    }

    public int Columns { get; }

    public double Compute(InstructionSet set)
    {
        var batch = new InBatchSoftmaxBatch
        {
            Queries = _queries,
            Candidates = _candidates,
            Dimension = _dimension,
            InverseTemperature = 0.5f,
            Positives = _positives,
            ColumnBias = _columnBias,
            PositiveBias = _positiveBias,
            NextEqualColumn = _next,
        };
        return set switch
        {
            InstructionSet.Avx512 => InBatchSoftmaxKernels.Compute<GemmAvx512, SoftmaxRowAvx512>(batch, _queryGradient, _candidateGradient),
            InstructionSet.Avx2 => InBatchSoftmaxKernels.Compute<GemmAvx2, SoftmaxRowAvx2>(batch, _queryGradient, _candidateGradient),
            _ => InBatchSoftmaxKernels.Compute<GemmPortable, SoftmaxRowPortable>(batch, _queryGradient, _candidateGradient),
        };
    }
}
