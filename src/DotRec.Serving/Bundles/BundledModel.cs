using DotRec.Onnx;

namespace DotRec.Serving;

/// <summary>An ONNX model and its entry in bundle.json.</summary>
internal static class BundledModel
{
    public static BundleModel Describe(string file, StoredModel model) => new(file, Describe(model.Inputs), Describe(model.Outputs));

    public static OnnxModel Read(BundleReader bundle, BundleModel model) =>
        new(File.ReadAllBytes(bundle.PathOf(model.File)), Values(bundle, model.Inputs), Values(bundle, model.Outputs));

    /// <summary>The model as the bundle keeps it, to be saved again.</summary>
    public static StoredModel Stored(BundleReader bundle, BundleModel model, OnnxModel read) => StoredModel.InBundle(
        read, bundle.PathOf(model.File), bundle.Manifest.Files.First(file => string.Equals(file.Name, model.File, StringComparison.Ordinal)).Sha256);

    private static BundleValue[] Describe(IReadOnlyList<OnnxValueInfo> values) =>
        [.. values.Select(value => new BundleValue(value.Name, value.Type.ToString(), value.Shape))];

    private static OnnxValueInfo[] Values(BundleReader bundle, IReadOnlyList<BundleValue> values) => [.. values.Select(value => new OnnxValueInfo(
        value.Name,
        Enum.TryParse<OnnxElementType>(value.Type, out var type) ? type
            : throw new BundleException($"{bundle.PathOf(BundleManifest.FileName)}: '{value.Name}' has the type '{value.Type}'; {string.Join(", ", Enum.GetNames<OnnxElementType>())} are known."),
        value.Shape))];
}
