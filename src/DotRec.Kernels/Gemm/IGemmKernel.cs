namespace DotRec.Kernels;

/// <summary>
/// The register tile of a matrix product. C tile [<see cref="TileRows"/>, <see cref="TileColumns"/>] (+)= A·B summed over k steps: value
/// (r, l) of A is a[r·aRow + l·aStep], row l of B is the <see cref="TileColumns"/> values at b + l·bStep. Packed operands have
/// aRow = 1, aStep = TileRows and bStep = TileColumns; general strides let operands be used where they lie.
/// </summary>
/// <remarks>
/// Every value is summed in one register, step by step, fused where the instruction set has it, and then added to C once. No alignment
/// needed. NaN and infinities propagate. k = 0 gives zeros.
/// </remarks>
internal unsafe interface IGemmKernel : IKernel
{
    static abstract int TileRows { get; }

    static abstract int TileColumns { get; }

    /// <summary>One whole tile.</summary>
    static abstract void Tile(float* a, nint aRow, nint aStep, float* b, nint bStep, nint k, float* c, nint ldc, bool accumulate);

    /// <summary>One row of any width: c[0 … n) (+)= Σ over l of a[l·aStep] · row l of B.</summary>
    static abstract void Row(float* a, nint aStep, float* b, nint bStep, nint k, float* c, nint n, bool accumulate);
}
