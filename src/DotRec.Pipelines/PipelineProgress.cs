using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>One thing that a pipeline tells while it works: a note, a warning, or how far training is.</summary>
/// <param name="Text">A sentence or a line for people.</param>
internal sealed record PipelineProgress(string Text)
{
    /// <summary>True for what may be wrong with the data or the model; false for what was assumed, and for progress.</summary>
    public bool IsWarning { get; init; }

    /// <summary>How far training is; null for notes and warnings.</summary>
    public FitProgress? Fit { get; init; }

    /// <summary>The text, warnings marked as such.</summary>
    public override string ToString() => IsWarning ? $"warning: {Text}" : Text;
}
