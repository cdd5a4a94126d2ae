namespace DotRec.Kernels;

/// <summary>
/// Finds the few scores that may enter a top-k selection: writes the positions i with scores[i] ≥ threshold, in ascending order, and returns
/// how many there are. NaN is never found. Exact; any alignment, any length. The caller leaves room for as many positions as scores.
/// </summary>
internal interface ISelectAboveKernel : IKernel
{
    static abstract int SelectAbove(ref readonly float scores, int length, float threshold, ref int positions);
}
