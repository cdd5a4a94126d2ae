namespace DotRec.Onnx;

/// <summary>A finished ONNX model: the serialized bytes and the signature they carry.</summary>
/// <param name="Bytes">The serialized ModelProto; any ONNX runtime reads it.</param>
/// <param name="Inputs">Inputs in declaration order.</param>
/// <param name="Outputs">Outputs in declaration order.</param>
public sealed record OnnxModel(ReadOnlyMemory<byte> Bytes, IReadOnlyList<OnnxValueInfo> Inputs, IReadOnlyList<OnnxValueInfo> Outputs);
