namespace DotRec.Kernels;

/// <summary>
/// y += a·x. Any alignment, any length. x and y are the same memory or do not overlap. Each value is one multiply-add of its own two
/// values, fused where the instruction set has it; NaN and infinities propagate.
/// </summary>
internal interface IAxpyKernel : IKernel
{
    static abstract void Axpy(float a, ref readonly float x, ref float y, nuint length);
}
