using System.Globalization;
using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>In training, sets values to 0 at random and scales the others up so that the mean stays; otherwise does nothing.</summary>
public sealed class Dropout : TensorLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="rate">Share of the values set to 0, in 0 … 1, 1 excluded.</param>
    public Dropout(double rate) => Rate = rate is >= 0 and < 1
        ? rate
        : throw new ArgumentOutOfRangeException(nameof(rate), rate, "The rate must be in 0 … 1, 1 excluded.");

    /// <summary>Share of the values set to 0.</summary>
    public double Rate { get; }

    /// <inheritdoc/>
    protected internal override string? Settings => Rate.ToString("R", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    protected internal override bool IsRandom => Rate > 0;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, ForwardContext context) =>
        context.IsTraining && Rate > 0 ? input.Dropout((float)Rate, context.NextSeed(), isTraining: true) : input;
}
