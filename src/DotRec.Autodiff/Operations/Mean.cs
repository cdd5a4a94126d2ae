namespace DotRec.Autodiff;

/// <content>Means.</content>
public sealed partial class Tensor
{
    /// <summary>Mean of all values, a scalar. The mean of no values is NaN.</summary>
    public Tensor Mean() => new Mean(this, axis: null, keepDimension: false).Run();

    /// <summary>Mean along one axis.</summary>
    /// <param name="axis">The axis; −1 is the last.</param>
    /// <param name="keepDimension">True keeps the axis with size 1, so that the result broadcasts against this tensor.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public Tensor Mean(int axis, bool keepDimension = false) => new Mean(this, axis, keepDimension).Run();
}

/// <summary>y = Σ x / n along an axis.</summary>
internal sealed class Mean(Tensor input, int? axis, bool keepDimension) : Addition(input, axis, keepDimension)
{
    protected override string OnnxType => "ReduceMean";

    protected override float Factor => 1f / Count;
}
