using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <content>Maxima.</content>
public sealed partial class Tensor
{
    /// <summary>Largest of all values, a scalar. Its gradient goes in equal parts to all values that attain it.</summary>
    /// <exception cref="ShapeException">There is no value.</exception>
    public Tensor Max() => new Max(this, axis: null, keepDimension: false).Run();

    /// <summary>Largest value along one axis. Its gradient goes in equal parts to all values that attain it.</summary>
    /// <param name="axis">The axis; −1 is the last.</param>
    /// <param name="keepDimension">True keeps the axis with size 1, so that the result broadcasts against this tensor.</param>
    /// <exception cref="ShapeException">There is no such axis, or its size is 0.</exception>
    public Tensor Max(int axis, bool keepDimension = false) => new Max(this, axis, keepDimension).Run();
}

/// <summary>y = max x along an axis. NaN wins.</summary>
internal sealed class Max : LaneOperation
{
    public Max(Tensor input, int? axis, bool keepDimension)
        : base(input, axis, folds: true, keepDimension)
    {
        if (LaneLength == 0)
        {
            throw new ShapeException($"Max: {input.Layout} has no values to choose from.");
        }
    }

    public override TracedValue Emit(OnnxTrace trace) => EmitReduction(trace, "ReduceMax");

    protected override void Value(ReadOnlySpan<float> x, Span<float> y) => y[0] = TensorPrimitives.Max(x);

    protected override void Gradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        var share = dy[0] / x.Count(y[0]);
        for (var i = 0; i < x.Length; i++)
        {
            dx[i] = x[i] == y[0] ? share : 0;
        }
    }
}
