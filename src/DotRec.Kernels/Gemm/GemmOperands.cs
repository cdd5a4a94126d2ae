namespace DotRec.Kernels;

/// <summary>A product C (+)= A·B with transposition expressed as strides: value (i, l) of A is A[i·ARow + l·AStep], value (l, j) of B is B[l·BStep + j·BColumn].</summary>
internal unsafe struct GemmOperands
{
    public float* A;
    public float* B;
    public float* C;
    public nint ARow;
    public nint AStep;
    public nint BStep;
    public nint BColumn;
    public nint Ldc;
    public int M;
    public int N;
    public int K;
    public bool Accumulate;

    /// <summary>The same product as Cᵀ = Bᵀ·Aᵀ. Only for a C of one column whose rows are adjacent: C has no column stride to carry the transposition.</summary>
    public readonly GemmOperands Transposed()
    {
        return this with
        {
            A = B,
            ARow = BColumn,
            AStep = BStep,
            M = N,
            B = A,
            BStep = AStep,
            BColumn = ARow,
            N = M,
            Ldc = M,
        };
    }
}
