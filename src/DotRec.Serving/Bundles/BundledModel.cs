using System.Security.Cryptography;
using DotRec.Kernels;
using DotRec.Onnx;

namespace DotRec.Serving;

/// <summary>A model in the bundle it was loaded from.</summary>
internal sealed class BundledModel(BundleReader bundle, BundleModel model) : StoredModel
{
    public override IReadOnlyList<OnnxValueInfo> Inputs { get; } = Values(bundle, model.Inputs);

    public override IReadOnlyList<OnnxValueInfo> Outputs { get; } = Values(bundle, model.Outputs);

    public override ModelParts Open() => new(
        Graph(),
        Inputs,
        Outputs,
        model.GraphInputs ?? [.. Inputs.Select(input => input.Name)],
        [.. (model.Vocabularies ?? []).Select(vocabulary => new ModelVocabulary(vocabulary.Feature, vocabulary.Input, VocabularyFile.Open(bundle.PathOf(vocabulary.File), bundle.Opened)))],
        [.. (model.Tables ?? []).Select(table => new ModelTable(table.Input, table.RowCount, table.Width, default, TableFile.Open(bundle.PathOf(table.File), table.RowCount, table.Width, bundle.Opened)))]);

    /// <summary>Looks through the graph of a model that is opened later.</summary>
    /// <exception cref="BundleException">It is refused.</exception>
    public BundledModel Checked()
    {
        _ = Graph();
        return this;
    }

    public override Exception Misfit(ArgumentException misfit) => new BundleException($"{bundle.PathOf(model.File)} does not fit its bundle: {misfit.Message}", misfit);

    public override BundleModel Describe(string stem) => model with
    {
        File = BundleFiles.Graph(stem),
        Vocabularies = model.Vocabularies is null ? null : [.. model.Vocabularies.Select((vocabulary, i) => vocabulary with { File = BundleFiles.Vocabulary(stem, i) })],
        Tables = model.Tables is null ? null : [.. model.Tables.Select((table, i) => table with { File = BundleFiles.Table(stem, i) })],
    };

    public override IEnumerable<(string Name, Action<string> Write)> Files(string stem)
    {
        var names = model.Files.Zip(Describe(stem).Files);
        return names.Select(name => (name.Second, (Action<string>)(path => Copy(name.First, path))));
    }

    /// <summary>The graph, which reaches nothing outside itself.</summary>
    private ReadOnlyMemory<byte> Graph()
    {
        var graph = bundle.ReadAllBytes(model.File);
        try
        {
            OnnxCheck.Check(graph);
            return graph;
        }
        catch (InvalidDataException exception)
        {
            throw new BundleException($"{bundle.PathOf(model.File)} is refused: {exception.Message}", exception);
        }
    }

    /// <summary>Copies a file of the bundle, which a save may have replaced since it was loaded: its hash must still be the one it was loaded with.</summary>
    private void Copy(string name, string target)
    {
        var (source, expected) = (bundle.PathOf(name), bundle.Manifest.Files.First(file => string.Equals(file.Name, name, StringComparison.Ordinal)).Sha256);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (File.Exists(source))
        {
            using var from = RegularFile.Open(source, FileOptions.SequentialScan);
            using var to = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            var block = new byte[1 << 20];
            for (int read; (read = from.Read(block)) > 0;)
            {
                hash.AppendData(block, 0, read);
                to.Write(block, 0, read);
            }
        }

        if (!string.Equals(Convert.ToHexStringLower(hash.GetHashAndReset()), expected, StringComparison.Ordinal))
        {
            throw new BundleException($"{source} has been replaced since it was loaded. Load the bundle again before saving it elsewhere.");
        }
    }

    private static OnnxValueInfo[] Values(BundleReader bundle, IReadOnlyList<BundleValue> values) => [.. values.Select(value => new OnnxValueInfo(
        value.Name,
        Enum.TryParse<OnnxElementType>(value.Type, out var type) ? type
            : throw new BundleException($"{bundle.PathOf(BundleManifest.FileName)}: '{value.Name}' has the type '{value.Type}'; {string.Join(", ", Enum.GetNames<OnnxElementType>())} are known."),
        value.Shape))];
}
