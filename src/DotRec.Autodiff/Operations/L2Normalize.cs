using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <content>Scaling to unit length.</content>
public sealed partial class Tensor
{
    /// <summary>x / √max(Σ x², ε) along one axis: unit vectors, as tf.math.l2_normalize. A zero vector stays zero.</summary>
    /// <param name="axis">The axis; −1 is the last.</param>
    /// <param name="epsilon">Lower bound of the squared length; 1e-12 as in TensorFlow.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public Tensor L2Normalize(int axis = -1, float epsilon = 1e-12f) => new L2Normalize(this, axis, epsilon).Run();
}

/// <summary>y = x / √max(Σ x², ε).</summary>
internal sealed class L2Normalize(Tensor input, int axis, float epsilon) : LaneOperation(input, axis, folds: false)
{
    public override TracedValue Emit(OnnxTrace trace)
    {
        var x = trace.Of(Of);
        var squared = trace.Graph.Node("ReduceSumSquare", [x.Name, trace.Integers(Axis!.Value)], ("keepdims", 1L));
        var length = trace.Graph.Node("Sqrt", [trace.Graph.Node("Max", [squared, trace.Number(epsilon)])]);
        return x with { Name = trace.Graph.Node("Div", [x.Name, length]) };
    }

    protected override void Value(ReadOnlySpan<float> x, Span<float> y) =>
        TensorPrimitives.Divide(x, MathF.Sqrt(MathF.Max(TensorPrimitives.SumOfSquares(x), epsilon)), y);

    // dx = (dy − y · Σ y·dy) / ‖x‖; below ε the length is a constant and its term vanishes.
    protected override void Gradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        var squared = TensorPrimitives.SumOfSquares(x);
        var scale = 1f / MathF.Sqrt(MathF.Max(squared, epsilon));
        TensorPrimitives.Multiply(dy, scale, dx);
        if (squared > epsilon)
        {
            TensorPrimitives.MultiplyAdd(y, -scale * TensorPrimitives.Dot(y, dy), dx, dx);
        }
    }
}
