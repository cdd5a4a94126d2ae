using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// Branches side by side, their results joined along the last axis: how a tower takes several features.
/// <code>new Tower(new Concatenate([new StringLookup("user_id", data), new Embedding(32)], [new Normalization("age", data)]), new Dense(32))</code>
/// </summary>
public sealed class Concatenate : Layer
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

    internal override Signal Apply(Signal input, ForwardContext context)
    {
        var parts = new Tensor[Children.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            var part = Children[i].Apply(input, context);
            parts[i] = part.Numbers ?? throw new InvalidOperationException(
                $"Branch {i} of layer {this} ends in {part.Describe()}; branches must end in numbers. {part.Remedy()}");
        }

        return Signal.Of(Tensor.Concatenate(parts, -1));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, ForwardContext context) => Apply(Signal.Of(input), context).Numbers!;
}
