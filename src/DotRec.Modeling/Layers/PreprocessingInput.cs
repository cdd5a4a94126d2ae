using DotRec.Features;

namespace DotRec.Modeling;

/// <summary>Where raw features enter a tower: a preprocessing layer seen as a layer.</summary>
internal sealed class PreprocessingInput(PreprocessingLayer preprocessing) : Layer
{
    public override string Name => Preprocessing.GetType().Name;

    public PreprocessingLayer Preprocessing { get; } = preprocessing;

    internal override Signal Apply(Signal input, ForwardContext context)
    {
        if (input.Rows is not { } rows)
        {
            throw new InvalidOperationException(
                $"Layer {this} reads raw features, so it must come first in its tower or branch, but follows a layer that gives {input.Describe()}.");
        }

        var signal = rows.Signal(Preprocessing);
        context.Export?.Bind(Preprocessing, signal);
        return signal;
    }
}
