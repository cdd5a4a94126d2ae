using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// Adds one trained vector to every row. After the <see cref="Embedding"/> of a query tower it is what all queries have in common: it takes
/// popularity upon itself, leaves to the embeddings what is particular to a query, and is the whole answer for a query nothing is known of.
/// </summary>
public sealed class Bias : TensorLayer
{
    private readonly Initializer _initializer;
    private Parameter? _vector;

    /// <summary>Makes the layer.</summary>
    /// <param name="initializer">First values; uniform in ±0.05 when null.</param>
    public Bias(Initializer? initializer = null) => _initializer = initializer ?? Initializer.Uniform();

    /// <inheritdoc/>
    protected override void Build(int inputWidth) => _vector = AddParameter("vector", _initializer, inputWidth);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input + _vector!;
    }
}
