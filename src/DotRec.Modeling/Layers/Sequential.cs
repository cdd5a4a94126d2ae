using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>Layers one after another, used as one layer.</summary>
public sealed class Sequential : TensorLayer
{
    /// <summary>Makes the layer.</summary>
    /// <exception cref="ArgumentException">There is no layer.</exception>
    public Sequential(params IReadOnlyList<Layer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
        {
            throw new ArgumentException("Give at least one layer.", nameof(layers));
        }

        foreach (var layer in layers)
        {
            Use(layer);
        }
    }

    internal override Signal Apply(Signal input, ForwardContext context)
    {
        foreach (var layer in Children)
        {
            input = layer.Apply(input, context);
        }

        return input;
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, ForwardContext context) => Apply(Signal.Of(input), context).Numbers!;
}
