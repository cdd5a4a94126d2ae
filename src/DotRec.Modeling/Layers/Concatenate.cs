using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// Branches side by side, their results joined along the last axis: how a tower takes several features.
/// <code>new Tower(new Concatenate([new StringLookup("user_id", data), new Embedding(32)], [new Normalization("age", data)]), new Dense(32))</code>
/// </summary>
public sealed class Concatenate : TensorLayer
{
    /// <summary>Makes the layer; each branch is a list of layers, applied in order.</summary>
    /// <exception cref="ArgumentException">There is no branch, or one is empty.</exception>
    public Concatenate(params IReadOnlyList<Layer[]> branches)
    {
        ArgumentNullException.ThrowIfNull(branches);
        if (branches.Count == 0)
        {
            throw new ArgumentException("Give at least one branch.", nameof(branches));
        }

        foreach (var branch in branches)
        {
            Use(new Sequential(branch));
        }
    }

    internal override Signal Apply(Signal input, ForwardContext context) => Signal.Of(Tensor.Concatenate(ResultsOf(this, input, context), -1));

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, ForwardContext context) => Apply(Signal.Of(input), context).Numbers!;

    /// <summary>What the branches of a layer make of its input.</summary>
    internal static Tensor[] ResultsOf(Layer layer, Signal input, ForwardContext context)
    {
        var results = new Tensor[layer.Children.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var result = layer.Children[i].Apply(input, context);
            results[i] = result.Numbers ?? throw new InvalidOperationException(
                $"Branch {i} of layer {layer} ends in {result.Describe()}; branches must end in numbers. {result.Remedy()}");
        }

        return results;
    }
}
