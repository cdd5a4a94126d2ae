namespace DotRec.Autodiff;

/// <content>Sums.</content>
public sealed partial class Tensor
{
    /// <summary>Sum of all values, a scalar.</summary>
    public Tensor Sum() => new Sum(this, axis: null, keepDimension: false).Run();

    /// <summary>Sum along one axis.</summary>
    /// <param name="axis">The axis; −1 is the last.</param>
    /// <param name="keepDimension">True keeps the axis with size 1, so that the result broadcasts against this tensor.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public Tensor Sum(int axis, bool keepDimension = false) => new Sum(this, axis, keepDimension).Run();
}

/// <summary>y = Σ x along an axis.</summary>
internal sealed class Sum(Tensor input, int? axis, bool keepDimension) : Addition(input, axis, keepDimension)
{
    protected override string OnnxType => "ReduceSum";

    protected override float Factor => 1;
}
