namespace DotRec.Onnx;

/// <summary>A finished ONNX model: the serialized bytes and the signature they carry.</summary>
public sealed record OnnxModel
{
    private readonly Lazy<ReadOnlyMemory<byte>> _bytes;

    /// <summary>A model that is serialized.</summary>
    /// <param name="bytes">The serialized ModelProto; any ONNX runtime reads it.</param>
    /// <param name="inputs">Inputs in declaration order.</param>
    /// <param name="outputs">Outputs in declaration order.</param>
    public OnnxModel(ReadOnlyMemory<byte> bytes, IReadOnlyList<OnnxValueInfo> inputs, IReadOnlyList<OnnxValueInfo> outputs)
    {
        (Inputs, Outputs) = (inputs, outputs);
        _bytes = new Lazy<ReadOnlyMemory<byte>>(bytes);
    }

    internal OnnxModel(Func<ReadOnlyMemory<byte>> build, OnnxParts parts, IReadOnlyList<OnnxValueInfo> inputs, IReadOnlyList<OnnxValueInfo> outputs)
    {
        (Inputs, Outputs, Parts) = (inputs, outputs, parts);
        _bytes = new Lazy<ReadOnlyMemory<byte>>(build);
    }

    /// <summary>The serialized ModelProto, vocabularies and tables included; any ONNX runtime reads it. Made when first asked for.</summary>
    /// <exception cref="InvalidOperationException">The model is larger than 2 GiB, which is all that the format holds.</exception>
    public ReadOnlyMemory<byte> Bytes
    {
        get => _bytes.Value;
        init => (_bytes, Parts) = (new Lazy<ReadOnlyMemory<byte>>(value), null);
    }

    /// <summary>Inputs in declaration order.</summary>
    public IReadOnlyList<OnnxValueInfo> Inputs { get; init; }

    /// <summary>Outputs in declaration order.</summary>
    public IReadOnlyList<OnnxValueInfo> Outputs { get; init; }

    /// <summary>The model taken apart; null for one that came as bytes.</summary>
    internal OnnxParts? Parts { get; init; }
}
