namespace DotRec.Pipelines;

/// <summary>A model of a bundle as a file of its own.</summary>
/// <param name="Part">What it is in the bundle: "query", "item" or "ranker".</param>
/// <param name="Path">The file.</param>
/// <param name="Inputs">The raw features it reads.</param>
/// <param name="Outputs">What it gives: "embedding" of a tower, "score" of a ranker, and for each looked-up id whether it is known.</param>
public sealed record ExportedModel(string Part, string Path, IReadOnlyList<ExportedValue> Inputs, IReadOnlyList<ExportedValue> Outputs);
