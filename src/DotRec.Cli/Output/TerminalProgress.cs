using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary>Shows what a pipeline notes and warns of, as it comes. How far training is has a bar of its own.</summary>
internal sealed class TerminalProgress : IProgress<PipelineProgress>
{
    /// <summary>Notes that are shown here.</summary>
    public static PipelineNotes Notes() => new(new TerminalProgress());

    public void Report(PipelineProgress value)
    {
        if (value.IsWarning)
        {
            Terminal.Warn(value.Text);
        }
        else if (value is { Fit: null, Work: null })
        {
            Terminal.Note(value.Text);
        }
    }
}
