using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// A layer that crosses its input x with the features x0 a network began with. Applied to one tensor it crosses the features with
/// themselves, so it stands in a tower like any layer; <see cref="CrossNetwork"/> stacks several over the same x0.
/// </summary>
/// <remarks>A cross layer of your own overrides <see cref="Forward(Tensor, Tensor, ForwardContext)"/>.</remarks>
public abstract class CrossLayer : TensorLayer
{
    /// <summary>Applies the layer.</summary>
    /// <param name="x0">The features, shape [B, …, width].</param>
    /// <param name="x">What the layers before made of them, of the same width.</param>
    /// <param name="context">Whether this is a training step.</param>
    /// <exception cref="ArgumentException">The widths differ.</exception>
    /// <exception cref="InvalidOperationException">The layer was built for another width.</exception>
    public Tensor Call(Tensor x0, Tensor x, ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(x0);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(context);
        if (x0.Shape[^1] != x.Shape[^1])
        {
            throw new ArgumentException(
                $"Layer {this}: dimension mismatch. x0 {x0} has width {x0.Shape[^1]} and x {x} has width {x.Shape[^1]}; a cross layer multiplies them, so they must be equal.");
        }

        BuildOnce(x0.Shape[^1], "inputs of width");
        var output = Forward(x0, x, context);
        context.Export?.Emit(this, output);
        return output;
    }

    /// <summary>The matrix that x is multiplied with, [d, d], row-major, a copy: entry (i, j) is how strongly input i enters the factor of input j.</summary>
    /// <exception cref="InvalidOperationException">The layer has not met an input yet.</exception>
    /// <exception cref="NotSupportedException">A layer of your own does not override this.</exception>
    public virtual float[] EffectiveKernel() =>
        throw new NotSupportedException($"Layer {this} does not say what matrix it multiplies with. Override {nameof(EffectiveKernel)} to see what it learned.");

    /// <inheritdoc/>
    protected sealed override Tensor Forward(Tensor input, ForwardContext context) => Forward(input, input, context);

    /// <summary>The layer's value, as an expression over tensors.</summary>
    /// <param name="x0">The features, shape [B, …, width].</param>
    /// <param name="x">What the layers before made of them, of the same width.</param>
    /// <param name="context">Whether this is a training step.</param>
    protected abstract Tensor Forward(Tensor x0, Tensor x, ForwardContext context);
}
