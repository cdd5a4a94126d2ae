namespace DotRec.Pipelines;

/// <summary>How far work other than training is.</summary>
/// <param name="Name">What is done, for example "predicting".</param>
/// <param name="Done">Rows done.</param>
/// <param name="Total">Rows to do.</param>
public sealed record PipelineWork(string Name, long Done, long Total);
