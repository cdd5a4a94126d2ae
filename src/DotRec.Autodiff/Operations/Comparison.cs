namespace DotRec.Autodiff;

/// <content>Comparisons.</content>
public sealed partial class Tensor
{
    /// <summary>True where the left value is greater, with broadcasting; false where either is NaN.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Mask operator >(Tensor left, Tensor right) => new Comparison(left, right).Run();

    /// <summary>True where the left value is less, with broadcasting; false where either is NaN.</summary>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Mask operator <(Tensor left, Tensor right) => new Comparison(right, left).Run();

    /// <summary>True where the value is greater than a number.</summary>
    public static Mask operator >(Tensor left, float right) => left > Constant(right);

    /// <summary>True where the value is less than a number.</summary>
    public static Mask operator <(Tensor left, float right) => left < Constant(right);
}

/// <summary>x &gt; y. Its result is a mask, so nothing flows back through it.</summary>
internal sealed class Comparison
{
    public Comparison(Tensor left, Tensor right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        (Left, Right) = (left, right);
    }

    public Tensor Left { get; }

    public Tensor Right { get; }

    public Mask Run()
    {
        var layout = TensorShape.Broadcast("Comparison", Left.Layout, Right.Layout);
        var plan = new BroadcastPlan(Left.Layout, Right.Layout, layout);
        var mask = Mask.Of(this, layout, out var values);
        var x = Left.Values;
        var y = Right.Values;
        var (stepX, stepY, _) = plan.InnerStep;
        for (var start = 0; start < values.Length;)
        {
            var run = plan.RunFrom(start);
            for (var i = 0; i < run.Length; i++)
            {
                values[start + i] = x[run.X + (i * stepX)] > y[run.Y + (i * stepY)];
            }

            start += run.Length;
        }

        return mask;
    }

    public TracedValue Emit(OnnxTrace trace)
    {
        var left = trace.Of(Left);
        var right = trace.Of(Right);
        var rank = Math.Max(Left.Rank, Right.Rank);
        return new TracedValue(trace.Graph.Node("Greater", [left.Name, right.Name]), BatchAxes.OfBroadcast("Comparison", rank, (Left.Layout, left), (Right.Layout, right)));
    }
}
