using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// Cross layers one after another over the same features: x₁ = C₁(x0, x0), x₂ = C₂(x0, x₁), … L layers express feature products up to degree
/// L + 1.
/// </summary>
/// <example><code>new Tower(features, new CrossNetwork(new Cross(), new Cross(), new Cross()), new Mlp([128, 64, 1]))</code></example>
public sealed class CrossNetwork : TensorLayer
{
    private readonly CrossLayer[] _layers;

    /// <summary>Makes the layer.</summary>
    /// <param name="layers">The cross layers in order; their widths are the input's.</param>
    /// <exception cref="ArgumentException">There is no layer.</exception>
    public CrossNetwork(params IReadOnlyList<CrossLayer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
        {
            throw new ArgumentException("Give at least one cross layer.", nameof(layers));
        }

        _layers = [.. layers.Select(Use)];
    }

    /// <summary>The cross layers, in order.</summary>
    public IReadOnlyList<CrossLayer> Layers => _layers;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, ForwardContext context)
    {
        var x = input;
        foreach (var layer in _layers)
        {
            x = layer.Call(input, x, context);
        }

        return x;
    }
}
