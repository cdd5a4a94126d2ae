namespace DotRec.Onnx;

/// <summary>One input or output of an ONNX model: its name, element type and shape.</summary>
/// <param name="Name">Name of the value; unique in its graph.</param>
/// <param name="Type">Element type.</param>
/// <param name="Shape">One entry an axis: a size such as "32", or a symbol such as "batch" for a size known at run time.</param>
public sealed record OnnxValueInfo(string Name, OnnxElementType Type, IReadOnlyList<string> Shape);
