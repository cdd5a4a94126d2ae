namespace DotRec.Features;

/// <summary>A column inside an ONNX graph.</summary>
/// <param name="Values">
/// Name of the value holding the elements: shape [batch], or [batch, length] for a jagged column padded on the right.
/// </param>
/// <param name="Length">Name of the int64 value of shape [batch] holding each row's length; null unless jagged.</param>
public sealed record OnnxColumn(string Values, string? Length = null);
