namespace DotRec.Kernels;

/// <summary>An <see cref="InBatchSoftmaxBatch"/> as checked pointers, null where a part is absent, for use on several threads.</summary>
internal unsafe struct SoftmaxOperands
{
    public float* Queries;
    public float* Candidates;
    public int* Positives;
    public float* ColumnBias;
    public float* PositiveBias;
    public float* Weights;
    public int* NextEqualColumn;
    public float* OwnPositives;
    public int* LeftOut;
    public float* QueryGradient;
    public float* CandidateGradient;
    public float* PositiveGradient;
    public float InverseTemperature;
    public int Rows;
    public int Columns;
    public int Dimension;
}
