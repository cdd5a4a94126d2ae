namespace DotRec.Autodiff;

/// <content>Reshaping.</content>
public sealed partial class Tensor
{
    /// <summary>The same values, row-major, under another shape. Shares memory; costs nothing.</summary>
    /// <param name="shape">Sizes with the same product; one may be −1 and follows from the others.</param>
    /// <exception cref="ShapeException">The values do not fill the shape.</exception>
    public Tensor Reshape(params ReadOnlySpan<int> shape) => new Reshape(this, shape).Run();
}

/// <summary>A view of the input under another shape.</summary>
internal sealed class Reshape : Operation
{
    private readonly Tensor _input;

    public Reshape(Tensor input, ReadOnlySpan<int> shape)
    {
        Span<int> sizes = stackalloc int[shape.Length];
        shape.CopyTo(sizes);
        var open = sizes.IndexOf(-1);
        if (open >= 0)
        {
            if (sizes[(open + 1)..].Contains(-1))
            {
                throw new ShapeException($"Reshape: the shape [{string.Join(", ", shape.ToArray())}] has more than one open size; only one can follow from the others.");
            }

            sizes[open] = 1;
            var known = new TensorShape(sizes).Volume;
            sizes[open] = known > 0 && input.Length % known == 0 ? input.Length / known : throw Mismatch(input, shape);
        }

        OutputLayout = new TensorShape(sizes);
        _input = OutputLayout.Volume == input.Length ? input : throw Mismatch(input, shape);
    }

    public override int InputCount => 1;

    public override Tensor Input(int index) => _input;

    public override TracedValue Emit(OnnxTrace trace)
    {
        var input = trace.Of(_input);
        var batchAxis = input.HasBatch ? BatchAxisAfter(input.BatchAxis) : -1;
        Span<long> sizes = stackalloc long[OutputLayout.Rank];
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = i == batchAxis ? -1 : OutputLayout[i];
        }

        return new TracedValue(trace.Graph.Node("Reshape", [input.Name, trace.Integers(sizes)], ("allowzero", 1L)), batchAxis);
    }

    protected override Tensor Evaluate() => new(_input.Buffer, OutputLayout);

    protected override void Compute(Tensor output)
    {
        // The view already holds the values.
    }

    protected override void Propagate()
    {
        if (!Output.TryHandGradientTo(_input))
        {
            _input.AddToGradient(OutputGradient);
        }
    }

    /// <summary>The result's axis that holds the batch: the one with as many values behind it, or a multiple of its size.</summary>
    private int BatchAxisAfter(int axis)
    {
        var before = _input.Layout.Before(axis);
        for (var i = 0; i < OutputLayout.Rank; i++)
        {
            if (OutputLayout.Before(i) == before && OutputLayout[i] != 1 && OutputLayout[i] % _input.Layout[axis] == 0)
            {
                return i;
            }
        }

        throw new NotSupportedException(
            $"Reshape: {_input.Layout} to {OutputLayout} mixes the batch (axis {axis}) with axes before it or splits it, which has no ONNX form. " +
            "Keep the batch first, and trace with a batch of 2 or more.");
    }

    private static ShapeException Mismatch(Tensor input, ReadOnlySpan<int> shape) =>
        new($"Reshape: {input.Layout} holds {input.Length} values, which do not fill the shape [{string.Join(", ", shape.ToArray())}].");
}
