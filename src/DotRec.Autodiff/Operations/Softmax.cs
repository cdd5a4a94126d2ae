using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <content>Softmax.</content>
public sealed partial class Tensor
{
    /// <summary>exp(x) / Σ exp(x) along one axis, computed without overflow.</summary>
    /// <param name="axis">The axis; −1 is the last.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public Tensor Softmax(int axis = -1) => new Softmax(this, axis).Run();
}

/// <summary>y = exp(x − m) / Σ exp(x − m), m = max x.</summary>
internal sealed class Softmax(Tensor input, int axis) : LaneOperation(input, axis, folds: false)
{
    public override TracedValue Emit(OnnxTrace trace)
    {
        var x = trace.Of(Of);
        return x with { Name = trace.Graph.Node("Softmax", [x.Name], ("axis", (long)Axis!)) };
    }

    protected override void Value(ReadOnlySpan<float> x, Span<float> y)
    {
        if (x.IsEmpty)
        {
            return;
        }

        TensorPrimitives.Subtract(x, TensorPrimitives.Max(x), y);
        TensorPrimitives.Exp(y, y);
        TensorPrimitives.Multiply(y, 1f / TensorPrimitives.Sum<float>(y), y);
    }

    // dx = y · (dy − Σ y·dy)
    protected override void Gradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        TensorPrimitives.Subtract(dy, TensorPrimitives.Dot(y, dy), dx);
        TensorPrimitives.Multiply(dx, y, dx);
    }
}
