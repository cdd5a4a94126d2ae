using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Autodiff;

/// <content>Joining.</content>
public sealed partial class Tensor
{
    /// <summary>Joins tensors along one axis.</summary>
    /// <param name="tensors">At least one; equal sizes on every other axis.</param>
    /// <param name="axis">The axis; −1 is the last.</param>
    /// <exception cref="ShapeException">The shapes differ elsewhere, or there is no such axis.</exception>
    /// <exception cref="ArgumentException">There is no tensor.</exception>
    public static Tensor Concatenate(ReadOnlySpan<Tensor> tensors, int axis = -1) => new Concatenate(tensors, axis).Run();
}

/// <summary>The inputs side by side. Seen as [outer, widthᵢ] each, the result is [outer, Σ widthᵢ].</summary>
internal sealed class Concatenate : Operation
{
    private readonly Tensor[] _inputs;
    private readonly int _axis;
    private readonly int _outer;

    public Concatenate(ReadOnlySpan<Tensor> tensors, int axis)
    {
        if (tensors.IsEmpty)
        {
            throw new ArgumentException("Concatenate needs at least one tensor.", nameof(tensors));
        }

        _inputs = tensors.ToArray();
        var first = _inputs[0].Layout;
        _axis = first.Axis(Name, axis);
        var size = 0;
        for (var i = 0; i < _inputs.Length; i++)
        {
            var other = _inputs[i].Layout;
            if (other.Rank != first.Rank || !other.With(_axis, first[_axis]).Equals(first))
            {
                throw new ShapeException($"Concatenate: tensor 0 has shape {first} and tensor {i} has shape {other}; all sizes but that of axis {_axis} must be equal.");
            }

            size += other[_axis];
        }

        _outer = first.Before(_axis);
        OutputLayout = first.With(_axis, size);
    }

    public override int InputCount => _inputs.Length;

    public override Tensor Input(int index) => _inputs[index];

    public override TracedValue Emit(OnnxTrace trace)
    {
        var names = new string[_inputs.Length];
        var batchAxis = -1;
        for (var i = 0; i < names.Length; i++)
        {
            var value = trace.Of(_inputs[i]);
            names[i] = value.Name;
            batchAxis = Math.Max(batchAxis, value.BatchAxis);
        }

        foreach (var input in _inputs)
        {
            var value = trace.Of(input);
            if (batchAxis >= 0 && value.BatchAxis != batchAxis)
            {
                throw BatchAxes.BuiltIn(Name, input.Layout, batchAxis);
            }
        }

        return new TracedValue(trace.Graph.Node("Concat", names, ("axis", (long)_axis)), batchAxis);
    }

    protected override void Compute(Tensor output)
    {
        var parts = Partition.Count(output.Length, _outer);
        Parallelism.For(parts, new ValueBody(this, output, parts));
    }

    protected override void Propagate()
    {
        var offset = 0;
        foreach (var input in _inputs)
        {
            if (input.RequiresGradient)
            {
                input.GradientTarget(out var accumulate);
                var parts = Partition.Count(input.Length, _outer);
                Parallelism.For(parts, new GradientBody(this, input, offset, accumulate, parts));
            }

            offset += WidthOf(input);
        }
    }

    private int WidthOf(Tensor tensor) => _outer == 0 ? 0 : tensor.Length / _outer;

    private readonly struct ValueBody(Concatenate operation, Tensor output, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var (start, end) = Partition.Range(part, parts, operation._outer);
            var total = operation.WidthOf(output);
            var target = output.Buffer.Span(output.Length);
            var offset = 0;
            foreach (var input in operation._inputs)
            {
                var width = operation.WidthOf(input);
                var source = input.Values;
                for (var row = start; row < end; row++)
                {
                    source.Slice(row * width, width).CopyTo(target.Slice((row * total) + offset, width));
                }

                offset += width;
            }
        }
    }

    private readonly struct GradientBody(Concatenate operation, Tensor input, int offset, bool accumulate, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var (start, end) = Partition.Range(part, parts, operation._outer);
            var total = operation.WidthOf(operation.Output);
            var width = operation.WidthOf(input);
            var source = operation.OutputGradient;
            var gradient = input.GradientSpan();
            for (var row = start; row < end; row++)
            {
                var share = source.Slice((row * total) + offset, width);
                var target = gradient.Slice(row * width, width);
                if (accumulate)
                {
                    TensorPrimitives.Add(target, share, target);
                }
                else
                {
                    share.CopyTo(target);
                }
            }
        }
    }
}
