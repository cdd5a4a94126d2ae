using DotRec.Kernels;
using DotRec.Onnx;
using DotRec.Serving;

namespace DotRec.Pipelines;

/// <summary>
/// Writes the models of a bundle as self-contained ONNX files, vocabularies and embedding tables inside: any runtime of any language gets the bundle's own
/// answers from raw features. What <c>dotrec export</c> does.
/// </summary>
/// <example>
/// <code>
/// foreach (var model in await OnnxExport.RunAsync("models/films/1", "onnx"))
/// {
///     Console.WriteLine($"{model.Path}: {string.Join(", ", model.Inputs)}");
/// }
/// </code>
/// </example>
public static class OnnxExport
{
    /// <summary>Writes query.onnx, item.onnx and ranker.onnx, those that the bundle has.</summary>
    /// <param name="bundle">The bundle's directory.</param>
    /// <param name="directory">A folder for the files; it is made if it is not there. A file is there whole or not at all.</param>
    /// <param name="cancellationToken">Stops between models.</param>
    /// <exception cref="BundleException">There is no bundle, or it is damaged, incomplete or of a newer format.</exception>
    /// <exception cref="InvalidOperationException">A model is larger than 2 GiB, which is all that the format holds.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static Task<IReadOnlyList<ExportedModel>> RunAsync(string bundle, string directory, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(bundle);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return Task.Run<IReadOnlyList<ExportedModel>>(() => Run(bundle, directory, cancellationToken), cancellationToken);
    }

    private static List<ExportedModel> Run(string bundle, string directory, CancellationToken cancellationToken)
    {
        var models = new List<ExportedModel>();
        if (BundleDescription.Read(bundle).Kind == BundleKind.Ranker)
        {
            using var ranker = Ranker.Load(bundle);
            Add("ranker", ranker.Export);
            return models;
        }

        using var recommender = Recommender.Load(bundle);
        if (!recommender.HasQueryModel && recommender.RankerFeatures.Count == 0)
        {
            throw new ArgumentException($"{bundle} goes from item to item by lists: there is no network in it to export. Train with --model two-tower for one, or ask the bundle.");
        }

        if (recommender.HasQueryModel)
        {
            Add("query", recommender.ExportQueryModel);
        }

        if (recommender.ItemFeatures.Count > 0)
        {
            Add("item", recommender.ExportItemModel);
        }

        if (recommender.RankerFeatures.Count > 0)
        {
            Add("ranker", recommender.ExportRanker);
        }

        return models;

        void Add(string part, Func<OnnxModel> export)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var model = export();
            var path = Path.Combine(directory, part + ".onnx");
            Directory.CreateDirectory(directory);
            OutputFile.Write(path, model.Bytes.Span);
            models.Add(new ExportedModel(part, path, ValuesOf(model.Inputs), ValuesOf(model.Outputs)));
        }
    }

    private static ExportedValue[] ValuesOf(IReadOnlyList<OnnxValueInfo> values) => [.. values.Select(value => new ExportedValue(value.Name, value.Type.ToString(), value.Shape))];
}
