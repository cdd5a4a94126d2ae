using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <content>Slicing.</content>
public sealed partial class Tensor
{
    /// <summary>A stretch of one axis, copied; the other axes whole.</summary>
    /// <param name="axis">The axis; −1 is the last.</param>
    /// <param name="start">First position.</param>
    /// <param name="length">Number of positions.</param>
    /// <exception cref="ShapeException">The stretch does not lie inside the axis.</exception>
    public Tensor Slice(int axis, int start, int length) => new Slice(this, axis, start, length).Run();
}

/// <summary>Positions start … start + length − 1 of one axis.</summary>
internal sealed class Slice : Operation
{
    private readonly Tensor _input;
    private readonly int _axis;
    private readonly int _start;
    private readonly int _length;
    private readonly int _outer;
    private readonly int _inner;

    public Slice(Tensor input, int axis, int start, int length)
    {
        _axis = input.Layout.Axis(Name, axis);
        if (start < 0 || length < 0 || start > input.Layout[_axis] - length)
        {
            throw new ShapeException(
                $"Slice: {length} positions from {start} on do not lie inside axis {_axis} of {input.Layout}, whose size is {input.Layout[_axis]}.");
        }

        (_input, _start, _length) = (input, start, length);
        (_outer, _inner) = (input.Layout.Before(_axis), input.Layout.After(_axis));
        OutputLayout = input.Layout.With(_axis, length);
    }

    public override int InputCount => 1;

    public override Tensor Input(int index) => _input;

    public override TracedValue Emit(OnnxTrace trace)
    {
        var input = trace.Of(_input);
        if (input.BatchAxis == _axis)
        {
            throw new NotSupportedException($"Slice: it takes rows out of the batch ({_input.Layout}, axis {_axis}), which has no ONNX form: the batch size is known only at run time.");
        }

        return input with
        {
            Name = trace.Graph.Node(
                "Slice", [input.Name, trace.Integers(_start), trace.Integers(_start + _length), trace.Integers(_axis)]),
        };
    }

    protected override void Compute(Tensor output)
    {
        var width = _length * _inner;
        for (var row = 0; row < _outer; row++)
        {
            _input.Values.Slice(OffsetOf(row), width).CopyTo(output.Buffer.Span(output.Length).Slice(row * width, width));
        }
    }

    protected override void Propagate()
    {
        var dx = _input.GradientTarget(out var accumulate);
        if (!accumulate)
        {
            dx.Clear();
        }

        var width = _length * _inner;
        for (var row = 0; row < _outer; row++)
        {
            var target = dx.Slice(OffsetOf(row), width);
            TensorPrimitives.Add(target, OutputGradient.Slice(row * width, width), target);
        }
    }

    private int OffsetOf(int row) => ((row * _input.Layout[_axis]) + _start) * _inner;
}
