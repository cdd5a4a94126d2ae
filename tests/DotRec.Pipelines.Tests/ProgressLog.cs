namespace DotRec.Pipelines.Tests;

/// <summary>Everything that a pipeline told, in order.</summary>
internal sealed class ProgressLog : IProgress<PipelineProgress>
{
    public List<PipelineProgress> All { get; } = [];

    public IEnumerable<string> Warnings => All.Where(one => one.IsWarning).Select(one => one.Text);

    public IEnumerable<string> Notes => All.Where(one => one is { IsWarning: false, Fit: null, Work: null }).Select(one => one.Text);

    public void Report(PipelineProgress value) => All.Add(value);
}
