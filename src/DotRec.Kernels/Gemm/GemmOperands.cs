namespace DotRec.Kernels;

/// <summary>
/// A product C (+)= A·B with transposition expressed as strides: value (i, l) of A is A[i·ARow + l·AStep], value (l, j) of B is B[l·BStep + j·BColumn].
/// </summary>
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

    /// <summary>
    /// The same product as Cᵀ = Bᵀ·Aᵀ. Only for a C of one column whose rows are adjacent: C has no column stride to carry the transposition.
    /// </summary>
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

    /// <summary>The same product restricted to some rows of A and C.</summary>
    public readonly GemmOperands Rows(int first, int count) => this with { A = A + (first * ARow), C = C + (first * Ldc), M = count };

    /// <summary>The same product restricted to some columns of B and C.</summary>
    public readonly GemmOperands Columns(int first, int count) => this with { B = B + (first * BColumn), C = C + first, N = count };

    /// <summary>The share of some steps of the summed axis; all but the first block add to C.</summary>
    public readonly GemmOperands Steps(int first, int count) =>
        this with { A = A + (first * AStep), B = B + (first * BStep), K = count, Accumulate = Accumulate || first > 0 };
}
