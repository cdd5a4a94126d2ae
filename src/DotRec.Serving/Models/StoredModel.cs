using DotRec.Indexing;
using DotRec.Onnx;

namespace DotRec.Serving;

/// <summary>A model that can be opened and written into a bundle: in memory, or in the bundle it was loaded from, so that loading need not keep a copy.</summary>
internal abstract class StoredModel
{
    public abstract IReadOnlyList<OnnxValueInfo> Inputs { get; }

    public abstract IReadOnlyList<OnnxValueInfo> Outputs { get; }

    /// <param name="model">The model.</param>
    /// <param name="name">What messages call it: "query model".</param>
    public static StoredModel InMemory(OnnxModel model, string name = "model") => new OfMemory(model, name);

    /// <summary>The model ready to run. Mapped files live as long as what was opened of them.</summary>
    public abstract ModelParts Open();

    /// <summary>What a model that is opened late throws where it does not fit, or ONNX Runtime does not accept it.</summary>
    public virtual Exception Misfit(ArgumentException misfit) => misfit;

    /// <summary>The whole model in one piece, vocabularies and tables inside: for runtimes of other languages.</summary>
    /// <exception cref="InvalidOperationException">It is larger than 2 GiB, which is all that the format holds.</exception>
    public OnnxModel Export()
    {
        var parts = Open();
        return new OnnxModel(parts.Kept.Count == Inputs.Count && parts.Tables.Count == 0 ? parts.Graph : OnnxJoin.Join(
            parts.Graph,
            Inputs,
            [.. parts.Vocabularies.Select(vocabulary => new OnnxVocabulary(vocabulary.Feature, vocabulary.Input, KeysOf(vocabulary.Ids)))],
            [.. parts.Tables.Select(table => new OnnxTable(table.Input, ValuesOf(table), table.RowCount, table.Width))]), Inputs, Outputs);
    }

    /// <summary>The model's entry in a bundle's description.</summary>
    /// <param name="stem">What the names of its files begin with: "query".</param>
    public abstract BundleModel Describe(string stem);

    /// <summary>The model's files, by the names of <see cref="Describe(string)"/>.</summary>
    public abstract IEnumerable<(string Name, Action<string> Write)> Files(string stem);

    protected static BundleModel Describe(string stem, ModelParts parts) => new(
        BundleFiles.Graph(stem),
        Describe(parts.Inputs),
        Describe(parts.Outputs),
        parts.Vocabularies.Count == 0 && parts.Tables.Count == 0 ? null : parts.Kept,
        parts.Vocabularies.Count == 0 ? null : [.. parts.Vocabularies.Select((vocabulary, i) => new BundleVocabulary(BundleFiles.Vocabulary(stem, i), vocabulary.Feature, vocabulary.Input))],
        parts.Tables.Count == 0 ? null : [.. parts.Tables.Select((table, i) => new BundleTable(BundleFiles.Table(stem, i), table.Input, table.RowCount, table.Width))]);

    private static Array KeysOf(ItemIds ids) => ids.Type == ItemIdType.String
        ? Enumerable.Range(0, ids.Count).Select(ids.GetString).ToArray()
        : Enumerable.Range(0, ids.Count).Select(ids.GetInt64).ToArray();

    private static ReadOnlyMemory<float> ValuesOf(ModelTable table) => !table.IsMapped ? table.Values
        : table.Mapped.Length <= Array.MaxLength / sizeof(float) ? table.Mapped.Span(0, (int)table.Mapped.Length).ToArray()
        : throw new InvalidOperationException($"The table of {table.Input} takes {table.Mapped.ByteLength} bytes, but a serialized ONNX model holds at most 2 GiB. Use it as a bundle.");

    private static BundleValue[] Describe(IReadOnlyList<OnnxValueInfo> values) =>
        [.. values.Select(value => new BundleValue(value.Name, value.Type.ToString(), value.Shape))];

    private sealed class OfMemory(OnnxModel model, string name) : StoredModel
    {
        private readonly Lazy<ModelParts> _parts = new(() => Checked(ModelParts.Of(model), name));

        public override IReadOnlyList<OnnxValueInfo> Inputs => model.Inputs;

        public override IReadOnlyList<OnnxValueInfo> Outputs => model.Outputs;

        public override ModelParts Open() => _parts.Value;

        public override BundleModel Describe(string stem) => Describe(stem, _parts.Value);

        public override IEnumerable<(string Name, Action<string> Write)> Files(string stem) =>
        [
            (BundleFiles.Graph(stem), path => WriteBytes(path, _parts.Value.Graph)),
            .. _parts.Value.Vocabularies.Select((vocabulary, i) => (BundleFiles.Vocabulary(stem, i), (Action<string>)(path => VocabularyFile.Write(path, vocabulary.Ids)))),
            .. _parts.Value.Tables.Select((table, i) => (BundleFiles.Table(stem, i), (Action<string>)(path => TableFile.Write(path, table.Values, table.RowCount, table.Width)))),
        ];

        // What would be refused when the bundle is loaded is refused before it is saved.
        private static ModelParts Checked(ModelParts parts, string name)
        {
            try
            {
                OnnxCheck.Check(parts.Graph);
                return parts;
            }
            catch (InvalidDataException exception)
            {
                throw new ArgumentException($"The {name} is refused: {exception.Message}", exception);
            }
        }

        private static void WriteBytes(string path, ReadOnlyMemory<byte> bytes)
        {
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            file.Write(bytes.Span);
        }
    }
}
