using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>Scales every row to unit length, so that dot products are cosines. A zero row stays zero.</summary>
/// <remarks>Cosines lie in −1 … 1: train them with a temperature well below 1 (<see cref="Retrieval.Temperature"/>), 0.05 to 0.2.</remarks>
public sealed class L2Normalize : TensorLayer
{
    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, ForwardContext context) => input.L2Normalize();
}
