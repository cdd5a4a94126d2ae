using System.Globalization;
using DotRec.Onnx;

namespace DotRec.Serving;

/// <summary>
/// What an embedding model reads and writes, taken from its ONNX signature. A plain feature is one input of shape [batch]. A list is two:
/// <c>name</c> of shape [batch, name_count], padded on the right, and <c>name_length</c> of shape [batch], int64.
/// </summary>
internal sealed class ModelSignature
{
    /// <summary>Suffix of the input that carries the true lengths of a list feature.</summary>
    public const string LengthSuffix = "_length";

    /// <summary>
    /// Suffix of optional boolean outputs of shape [batch]: <c>user_id_known</c> is false where the value of <c>user_id</c> is out of vocabulary.
    /// </summary>
    public const string KnownSuffix = "_known";

    private const string EmbeddingName = "embedding";

    private ModelSignature(string name, QueryFeature[] features, OnnxValueInfo embedding, int dimension, string[] known)
    {
        Name = name;
        Features = features;
        InputNames = [.. features.SelectMany(feature => feature.IsList ? new[] { feature.Name, feature.Name + LengthSuffix } : [feature.Name])];
        OutputNames = [embedding.Name, .. known.Select(feature => feature + KnownSuffix)];
        Dimension = dimension;
        KnownFeatures = known;
    }

    /// <summary>What messages call the model: "query model" or "item model".</summary>
    public string Name { get; }

    /// <summary>The features in the order of the model's inputs.</summary>
    public IReadOnlyList<QueryFeature> Features { get; }

    /// <summary>The model's inputs, feature after feature; a list's lengths follow its values.</summary>
    public IReadOnlyList<string> InputNames { get; }

    /// <summary>The outputs to ask for: the embedding of shape [batch, D], then one flag for each of <see cref="KnownFeatures"/>.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <summary>Embedding width, D.</summary>
    public int Dimension { get; }

    /// <summary>Features for which the model says whether the value is in its vocabulary.</summary>
    public IReadOnlyList<string> KnownFeatures { get; }

    /// <exception cref="ArgumentException">The model is not one that turns features of rows into embeddings.</exception>
    public static ModelSignature Of(OnnxModel model, string name)
    {
        var inputs = model.Inputs.ToDictionary(input => input.Name, StringComparer.Ordinal);
        var features = new List<QueryFeature>();
        foreach (var input in model.Inputs)
        {
            if (!IsLengthOfList(input.Name, inputs))
            {
                features.Add(Feature(input, inputs, name));
            }
        }

        if (features.Count == 0)
        {
            throw new ArgumentException($"The {name} has no inputs. A tower reads at least one raw feature.", nameof(model));
        }

        var embedding = model.Outputs.FirstOrDefault(output => string.Equals(output.Name, EmbeddingName, StringComparison.Ordinal))
            ?? (model.Outputs.Count == 1 ? model.Outputs[0] : null)
            ?? throw new ArgumentException(
                $"The {name} has the outputs {string.Join(", ", model.Outputs.Select(output => output.Name))}; one named '{EmbeddingName}' was expected.", nameof(model));
        return new ModelSignature(name, [.. features], embedding, WidthOf(embedding, name), Known(model, features));
    }

    private static bool IsLengthOfList(string input, Dictionary<string, OnnxValueInfo> inputs) =>
        input.EndsWith(LengthSuffix, StringComparison.Ordinal)
        && inputs.TryGetValue(input[..^LengthSuffix.Length], out var list)
        && list.Shape.Count == 2;

    private static QueryFeature Feature(OnnxValueInfo input, Dictionary<string, OnnxValueInfo> inputs, string name)
    {
        var isList = input.Shape.Count == 2;
        if (isList && !inputs.ContainsKey(input.Name + LengthSuffix))
        {
            throw new ArgumentException(
                $"Input '{input.Name}' of the {name} has shape [{string.Join(", ", input.Shape)}] but there is no input '{input.Name}{LengthSuffix}' with the lengths of the lists.", nameof(input));
        }

        if (input.Shape.Count is not (1 or 2))
        {
            throw new ArgumentException(
                $"Input '{input.Name}' of the {name} has shape [{string.Join(", ", input.Shape)}]; [batch] or, for lists, [batch, count] was expected.", nameof(input));
        }

        var type = input.Type switch
        {
            OnnxElementType.String => QueryFeatureType.String,
            OnnxElementType.Int64 => QueryFeatureType.Int64,
            OnnxElementType.Float => QueryFeatureType.Float32,
            _ => throw new ArgumentException($"Input '{input.Name}' of the {name} holds {input.Type}; String, Int64 or Float was expected.", nameof(input)),
        };
        return new QueryFeature(input.Name, type, isList);
    }

    private static int WidthOf(OnnxValueInfo embedding, string name) =>
        embedding.Type == OnnxElementType.Float
        && embedding.Shape.Count == 2
        && int.TryParse(embedding.Shape[1], NumberStyles.None, CultureInfo.InvariantCulture, out var width)
        && width > 0
            ? width
            : throw new ArgumentException(
                $"Output '{embedding.Name}' of the {name} is {embedding.Type} [{string.Join(", ", embedding.Shape)}]; Float [batch, D] with a fixed width D was expected.", nameof(embedding));

    private static string[] Known(OnnxModel model, List<QueryFeature> features) =>
        [.. features.Select(feature => feature.Name).Where(feature => model.Outputs.Any(output =>
            output.Type == OnnxElementType.Bool && output.Shape.Count == 1 && string.Equals(output.Name, feature + KnownSuffix, StringComparison.Ordinal)))];
}
