namespace DotRec.Autodiff;

/// <content>Choice by mask.</content>
public sealed partial class Tensor
{
    /// <summary>Where the mask is true the first tensor's value, else the second's; all three broadcast.</summary>
    /// <remarks>The gradient goes to the chosen value only: infinities and NaN on the other side do no harm.</remarks>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Tensor Where(Mask mask, Tensor whenTrue, Tensor whenFalse) => new Where(mask, whenTrue, whenFalse).Run();

    /// <inheritdoc cref="Where(Mask, Tensor, Tensor)"/>
    public static Tensor Where(Mask mask, Tensor whenTrue, float whenFalse) => Where(mask, whenTrue, Constant(whenFalse));
}

/// <summary>z = m ? x : y.</summary>
internal sealed class Where : Operation
{
    private readonly Mask _mask;
    private readonly Tensor _whenTrue;
    private readonly Tensor _whenFalse;
    private readonly BroadcastPlan _plan;

    public Where(Mask mask, Tensor whenTrue, Tensor whenFalse)
    {
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentNullException.ThrowIfNull(whenTrue);
        ArgumentNullException.ThrowIfNull(whenFalse);
        (_mask, _whenTrue, _whenFalse) = (mask, whenTrue, whenFalse);
        OutputLayout = TensorShape.Broadcast(Name, TensorShape.Broadcast(Name, whenTrue.Layout, whenFalse.Layout), mask.Layout);
        _plan = new BroadcastPlan(whenTrue.Layout, whenFalse.Layout, mask.Layout, OutputLayout);
    }

    // The compared tensors are inputs too: an ONNX trace must write them first.
    public override int InputCount => _mask.Source is null ? 2 : 4;

    public override Tensor Input(int index) => index switch
    {
        0 => _whenTrue,
        1 => _whenFalse,
        2 => _mask.Source!.Left,
        _ => _mask.Source!.Right,
    };

    public override TracedValue Emit(OnnxTrace trace)
    {
        var mask = trace.Of(_mask);
        var x = trace.Of(_whenTrue);
        var y = trace.Of(_whenFalse);
        return new TracedValue(
            trace.Graph.Node("Where", [mask.Name, x.Name, y.Name]),
            BatchAxes.OfBroadcast(Name, OutputLayout.Rank, (_whenTrue.Layout, x), (_whenFalse.Layout, y), (_mask.Layout, mask)));
    }

    protected override void Compute(Tensor output)
    {
        var z = output.Buffer.Span(output.Length);
        var x = _whenTrue.Values;
        var y = _whenFalse.Values;
        var mask = _mask.Values;
        var (stepX, stepY, stepMask) = _plan.InnerStep;
        for (var start = 0; start < z.Length;)
        {
            var run = _plan.RunFrom(start);
            for (var i = 0; i < run.Length; i++)
            {
                z[start + i] = mask[run.Z + (i * stepMask)] ? x[run.X + (i * stepX)] : y[run.Y + (i * stepY)];
            }

            start += run.Length;
        }
    }

    protected override void Propagate()
    {
        if (_whenTrue.RequiresGradient)
        {
            Propagate(_whenTrue, isTrue: true);
        }

        if (_whenFalse.RequiresGradient)
        {
            Propagate(_whenFalse, isTrue: false);
        }
    }

    private void Propagate(Tensor input, bool isTrue)
    {
        var dz = OutputGradient;
        var mask = _mask.Values;
        var target = input.GradientTarget(out var accumulate);
        if (!accumulate)
        {
            target.Clear();
        }

        var (stepX, stepY, stepMask) = _plan.InnerStep;
        var step = isTrue ? stepX : stepY;
        for (var start = 0; start < dz.Length;)
        {
            var run = _plan.RunFrom(start);
            var offset = isTrue ? run.X : run.Y;
            for (var i = 0; i < run.Length; i++)
            {
                if (mask[run.Z + (i * stepMask)] == isTrue)
                {
                    target[offset + (i * step)] += dz[start + i];
                }
            }

            start += run.Length;
        }
    }
}
