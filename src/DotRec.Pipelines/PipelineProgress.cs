using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>One thing that a pipeline tells while it works: a note, a warning, or how far training is.</summary>
/// <remarks>Reported on the thread that works; a slow listener slows the work. <c>new Progress&lt;PipelineProgress&gt;(Console.WriteLine)</c> shows everything.</remarks>
public sealed record PipelineProgress
{
    internal PipelineProgress(string text) => Text = text;

    /// <summary>A sentence or a line for people.</summary>
    public string Text { get; }

    /// <summary>True for what may be wrong with the data or the model; false for what was assumed where nobody said, and for training.</summary>
    public bool IsWarning { get; init; }

    /// <summary>How far training is, after every step and every epoch; null for notes and warnings.</summary>
    public FitProgress? Fit { get; init; }

    /// <summary>The text, warnings marked as such.</summary>
    public override string ToString() => IsWarning ? $"warning: {Text}" : Text;
}
