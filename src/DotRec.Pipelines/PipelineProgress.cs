using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>One thing that a pipeline tells while it works: a note, a warning, or how far it is.</summary>
/// <remarks>
/// Reported on the thread that works, in order; a slow listener slows the work. <c>new Progress&lt;PipelineProgress&gt;(Console.WriteLine)</c> shows everything,
/// but <see cref="Progress{T}"/> hands each report to another thread: reports may then arrive late and in another order. A log that keeps the order
/// implements <see cref="IProgress{T}"/> itself.
/// </remarks>
public sealed record PipelineProgress
{
    internal PipelineProgress(string text) => Text = text;

    /// <summary>A sentence or a line for people.</summary>
    public string Text { get; }

    /// <summary>True for what may be wrong with the data or the model; false for what was assumed where nobody said, and for how far work is.</summary>
    public bool IsWarning { get; init; }

    /// <summary>True once a search of models has one that could be taken: whoever stops it then gets that.</summary>
    public bool HasModel { get; init; }

    /// <summary>How far training is, after every step and every epoch; null for notes and warnings.</summary>
    public FitProgress? Fit { get; init; }

    /// <summary>How far other work with many rows is; null for notes, warnings and training.</summary>
    public PipelineWork? Work { get; init; }

    /// <summary>The text, warnings marked as such.</summary>
    public override string ToString() => IsWarning ? $"warning: {Text}" : Text;
}
