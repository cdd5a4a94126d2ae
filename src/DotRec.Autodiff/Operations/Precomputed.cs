namespace DotRec.Autodiff;

/// <content>Losses that come with their gradients.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// A scalar whose gradients are already known, as fused losses have them: it can be weighed and added to other losses, and its
    /// backward pass hands <c>upstream · gradient</c> to each input.
    /// </summary>
    /// <param name="value">The loss.</param>
    /// <param name="inputs">What the loss was computed from, and its gradient with respect to it, of the same shape.</param>
    /// <exception cref="ShapeException">A gradient's shape differs from its input's.</exception>
    public static Tensor Precomputed(float value, params ReadOnlySpan<(Tensor Input, Tensor Gradient)> inputs) => new Precomputed(value, inputs).Run();
}

/// <summary>y = value, ∂y/∂xᵢ = gradientᵢ.</summary>
internal sealed class Precomputed : Operation
{
    private readonly float _value;
    private readonly (Tensor Input, Tensor Gradient)[] _inputs;

    public Precomputed(float value, ReadOnlySpan<(Tensor Input, Tensor Gradient)> inputs)
    {
        foreach (var (input, gradient) in inputs)
        {
            if (!input.Layout.Equals(gradient.Layout))
            {
                throw new ShapeException($"Precomputed: the gradient {gradient.Layout} must have the shape of its input, {input.Layout}.");
            }
        }

        _value = value;
        _inputs = inputs.ToArray();
        OutputLayout = new TensorShape([]);
    }

    public override int InputCount => _inputs.Length;

    public override Tensor Input(int index) => _inputs[index].Input;

    public override TracedValue Emit(OnnxTrace trace) =>
        throw new NotSupportedException("Precomputed has no ONNX form: it is a loss whose gradients were computed outside. Export what the loss was computed from.");

    protected override void Compute(Tensor output) => output.Buffer.Span(1)[0] = _value;

    protected override void Propagate()
    {
        var factor = OutputGradient[0];
        foreach (var (input, gradient) in _inputs)
        {
            if (input.RequiresGradient)
            {
                input.AddToGradient(gradient.Values, factor);
            }
        }
    }
}
