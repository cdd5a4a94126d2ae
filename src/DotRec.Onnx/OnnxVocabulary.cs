namespace DotRec.Onnx;

/// <summary>Values that a graph turns into row numbers: the value at position i into i + 1, all others into 0.</summary>
/// <param name="Feature">The graph input whose values are looked up; null when the graph computes them.</param>
/// <param name="Rows">Name of the row numbers: int64, of the shape of the values.</param>
/// <param name="Keys">The different values: string[] or long[].</param>
internal sealed record OnnxVocabulary(string? Feature, string Rows, Array Keys);
