using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>Branches of equal width under one another: n branches of shape [B, D] become [B, n, D], the input of a <see cref="DotInteraction"/>.</summary>
public sealed class Stack : TensorLayer
{
    /// <summary>Makes the layer; each branch is a list of layers, applied in order.</summary>
    /// <exception cref="ArgumentException">There is no branch, or one is empty.</exception>
    public Stack(params IReadOnlyList<Layer[]> branches)
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

    internal override Signal Apply(Signal input, ForwardContext context) =>
        Signal.Of(Stacked(Concatenate.ResultsOf(this, input, context), $"Layer {this}"));

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, ForwardContext context) => Apply(Signal.Of(input), context).Numbers!;

    /// <summary>Features [B, D] under one another: [B, n, D].</summary>
    internal static Tensor Stacked(IReadOnlyList<Tensor> features, string label)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Count == 0)
        {
            throw new ArgumentException($"{label} is given no feature.", nameof(features));
        }

        var rows = new Tensor[features.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            if (features[i].Rank != 2 || !features[i].Shape.SequenceEqual(features[0].Shape))
            {
                throw new ArgumentException(
                    $"{label}: feature dimensions must be equal, but the widths are {string.Join(", ", features.Select(feature => feature.Shape[^1]))} "
                    + $"and feature {i} is {features[i]}. Give all features one width, for example by a Dense layer.",
                    nameof(features));
            }

            rows[i] = features[i].Reshape(features[i].Shape[0], 1, features[i].Shape[1]);
        }

        return Tensor.Concatenate(rows, 1);
    }
}
