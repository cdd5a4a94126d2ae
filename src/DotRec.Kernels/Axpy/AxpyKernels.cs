namespace DotRec.Kernels;

/// <summary>y += a·x.</summary>
internal static class AxpyKernels
{
    /// <summary>Adds <paramref name="a"/> times <paramref name="x"/> to <paramref name="y"/>. Lengths must be equal; x and y may be the same memory, not overlap otherwise.</summary>
    public static void Axpy(float a, ReadOnlySpan<float> x, Span<float> y)
    {
        Require.SameLength(x.Length, y.Length);
        System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(x, a, y, y);
    }
}
