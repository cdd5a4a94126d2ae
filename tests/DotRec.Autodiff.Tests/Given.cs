namespace DotRec.Autodiff.Tests;

/// <summary>Tensors and parameters with known values.</summary>
internal static class Given
{
    public static Parameter Parameter(string name, float[] values, params int[] shape)
    {
        var parameter = new Parameter(name, shape);
        values.CopyTo(parameter.Value.WritableValues());
        return parameter;
    }

    /// <summary>1, 2, 3, …</summary>
    public static Tensor Ramp(params int[] shape) =>
        Tensor.From([.. Enumerable.Range(1, shape.Aggregate(1, (x, y) => x * y)).Select(i => (float)i)], shape);
}
