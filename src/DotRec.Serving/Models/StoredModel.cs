using System.Security.Cryptography;
using DotRec.Onnx;

namespace DotRec.Serving;

/// <summary>A model that can be written into a bundle: in memory, or in the bundle it was loaded from, so that loading need not keep a copy.</summary>
internal sealed class StoredModel
{
    private readonly Func<ReadOnlyMemory<byte>> _read;

    private StoredModel(OnnxModel model, Func<ReadOnlyMemory<byte>> read)
    {
        (Inputs, Outputs) = (model.Inputs, model.Outputs);
        _read = read;
    }

    public IReadOnlyList<OnnxValueInfo> Inputs { get; }

    public IReadOnlyList<OnnxValueInfo> Outputs { get; }

    public static StoredModel InMemory(OnnxModel model) => new(model, () => model.Bytes);

    public static StoredModel InBundle(OnnxModel model, string path, string sha256) => new(model, () =>
    {
        var bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
        return string.Equals(Convert.ToHexStringLower(SHA256.HashData(bytes)), sha256, StringComparison.Ordinal)
            ? bytes
            : throw new BundleException($"{path} has been replaced since it was loaded. Load the bundle again before saving it elsewhere.");
    });

    public OnnxModel ToOnnxModel() => new(_read(), Inputs, Outputs);

    public void Write(string path)
    {
        var bytes = _read();
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Write(bytes.Span);
    }
}
