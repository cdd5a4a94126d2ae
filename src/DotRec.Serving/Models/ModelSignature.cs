using System.Collections.Frozen;
using System.Globalization;
using DotRec.Data;
using DotRec.Onnx;

namespace DotRec.Serving;

/// <summary>
/// What a tower or a ranker reads and writes, taken from its ONNX signature. A plain feature is one input of shape [batch]. A list is two:
/// <c>name</c> of shape [batch, name_count], padded on the right, and <c>name_length</c> of shape [batch], int64.
/// </summary>
internal sealed record ModelSignature
{
    /// <summary>Suffix of the input that carries the true lengths of a list feature.</summary>
    public const string LengthSuffix = "_length";

    /// <summary>
    /// Suffix of optional boolean outputs of shape [batch]: <c>user_id_known</c> is false where the value of <c>user_id</c> is out of vocabulary.
    /// </summary>
    public const string KnownSuffix = "_known";

    private ModelSignature(string name, string row, ColumnSchema[] features, OnnxValueInfo output, string[] known)
    {
        Name = name;
        Row = row;
        Features = features;
        InputFeatureCount = features.Length;
        InputNames = [.. features.SelectMany(feature => feature.IsJagged ? new[] { feature.Name, feature.Name + LengthSuffix } : [feature.Name])];
        OutputNames = [output.Name, .. known.Select(feature => feature + KnownSuffix)];
        Width = output.Shape.Count == 1 ? 1 : int.Parse(output.Shape[1], CultureInfo.InvariantCulture);
        IsVector = output.Shape.Count == 1;
        KnownFeatures = known;
    }

    /// <summary>What messages call the model: "query model", "item model" or "ranker".</summary>
    public string Name { get; }

    /// <summary>What messages call a row of features: "query", "item" or "row".</summary>
    public string Row { get; }

    /// <summary>What a row must have: the features in the order of the model's inputs, then those of <see cref="WithContext"/>.</summary>
    public IReadOnlyList<ColumnSchema> Features { get; private init; }

    /// <summary>Features that a row may lack, as long as it has one of them.</summary>
    public IReadOnlySet<string> OptionalFeatures { get; private init; } = FrozenSet<string>.Empty;

    /// <summary>How many of <see cref="Features"/> the model reads.</summary>
    public int InputFeatureCount { get; }

    /// <summary>Names of optional features that the model does not read: they may be missing.</summary>
    public IEnumerable<string> AddedFeatures => Features.Skip(InputFeatureCount).Select(feature => feature.Name).Where(OptionalFeatures.Contains);

    /// <summary>The model's inputs, feature after feature; a list's lengths follow its values.</summary>
    public IReadOnlyList<string> InputNames { get; }

    /// <summary>The outputs to ask for: the embedding or score, then one flag for each of <see cref="KnownFeatures"/>.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <summary>Numbers a row of the first output: the embedding width D, or 1 for a score.</summary>
    public int Width { get; }

    /// <summary>True when the first output has the shape [batch], false for [batch, <see cref="Width"/>].</summary>
    public bool IsVector { get; }

    /// <summary>How messages lead over to a number of the first output.</summary>
    public string OutputNoun => Width == 1 ? $"the {OutputNames[0]}" : "an embedding with";

    /// <summary>Features for which the model says whether the value is in its vocabulary.</summary>
    public IReadOnlyList<string> KnownFeatures { get; }

    /// <summary>A model with the output "embedding" of shape [batch, D].</summary>
    /// <param name="model">The model.</param>
    /// <param name="row">What a row of its features is: "query" or "item".</param>
    /// <exception cref="ArgumentException">The model is not one that turns features of rows into embeddings.</exception>
    public static ModelSignature OfTower(StoredModel model, string row)
    {
        var name = row + " model";
        var features = FeaturesOf(model, name);
        var embedding = OutputOf(model, name, "embedding");
        return IsFloat(embedding) && embedding.Shape.Count == 2 && HasFixedWidth(embedding)
            ? new ModelSignature(name, row, features, embedding, Known(model, features))
            : throw WrongOutput(embedding, name, "[batch, D] with a fixed width D");
    }

    /// <summary>What a recommender that goes by histories reads: who asks, or what was had, or both.</summary>
    /// <param name="queryId">The feature that tells who asks; null where nothing does.</param>
    /// <param name="history">The feature of what was had.</param>
    /// <param name="width">Items, which are the dimensions of a history.</param>
    public static ModelSignature OfHistory(ColumnSchema? queryId, ColumnSchema history, int width)
    {
        ColumnSchema[] features = queryId is null ? [history] : [queryId, history];
        return new ModelSignature(
            "query model", "query", features, new OnnxValueInfo("history", OnnxElementType.Float, ["batch", width.ToString(CultureInfo.InvariantCulture)]), [])
        {
            OptionalFeatures = features.Select(feature => feature.Name).ToFrozenSet(StringComparer.Ordinal),
        };
    }

    /// <summary>A model with the output "score" of shape [batch, 1] or [batch].</summary>
    /// <exception cref="ArgumentException">The model is not one that turns features of rows into scores.</exception>
    public static ModelSignature OfRanker(StoredModel model)
    {
        const string Ranker = "ranker";
        var features = FeaturesOf(model, Ranker);
        var score = OutputOf(model, Ranker, "score");
        return IsFloat(score) && score.Shape is [_] or [_, "1"]
            ? new ModelSignature(Ranker, "row", features, score, [])
            : throw WrongOutput(score, Ranker, "[batch, 1]");
    }

    /// <summary>The same model, of queries that may tell what they have had: rows need one of the history and the query's id.</summary>
    /// <param name="queryId">The feature that tells who asks; null where nothing does.</param>
    /// <param name="history">The feature of what was had.</param>
    /// <exception cref="ArgumentException">The model reads one of them as something else.</exception>
    public ModelSignature WithHistory(ColumnSchema? queryId, ColumnSchema history)
    {
        ColumnSchema[] told = queryId is null ? [history] : [queryId, history];
        foreach (var feature in told)
        {
            if (Features.FirstOrDefault(own => string.Equals(own.Name, feature.Name, StringComparison.Ordinal)) is { } own && own != feature)
            {
                throw new ArgumentException($"The {Name} reads '{own}'; '{feature}' was expected, by the ids of the items and of the interactions.");
            }
        }

        return this with
        {
            Features = [.. Features, .. told.Except(Features)],
            OptionalFeatures = told.Select(feature => feature.Name).ToFrozenSet(StringComparer.Ordinal),
        };
    }

    /// <summary>The same model, whose rows must have more features than it reads.</summary>
    public ModelSignature WithContext(IReadOnlyList<ColumnSchema> context) => this with { Features = [.. Features, .. context] };

    private static ColumnSchema[] FeaturesOf(StoredModel model, string name)
    {
        var inputs = model.Inputs.ToDictionary(input => input.Name, StringComparer.Ordinal);
        var features = new List<ColumnSchema>();
        foreach (var input in model.Inputs)
        {
            if (!IsLengthOfList(input.Name, inputs))
            {
                features.Add(Feature(input, inputs, name));
            }
        }

        if (features.Count == 0)
        {
            throw new ArgumentException($"The {name} has no inputs. It must read at least one raw feature.", nameof(model));
        }

        return [.. features];
    }

    private static OnnxValueInfo OutputOf(StoredModel model, string name, string wanted) =>
        model.Outputs.FirstOrDefault(output => string.Equals(output.Name, wanted, StringComparison.Ordinal))
        ?? (model.Outputs.Count == 1 ? model.Outputs[0] : null)
        ?? throw new ArgumentException(
            $"The {name} has the outputs {string.Join(", ", model.Outputs.Select(output => output.Name))}; one named '{wanted}' was expected.", nameof(model));

    private static bool IsLengthOfList(string input, Dictionary<string, OnnxValueInfo> inputs) =>
        input.EndsWith(LengthSuffix, StringComparison.Ordinal)
        && inputs.TryGetValue(input[..^LengthSuffix.Length], out var list)
        && list.Shape.Count == 2;

    private static ColumnSchema Feature(OnnxValueInfo input, Dictionary<string, OnnxValueInfo> inputs, string name)
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
            OnnxElementType.String => ColumnType.String,
            OnnxElementType.Int64 => ColumnType.Int64,
            OnnxElementType.Float => ColumnType.Float32,
            OnnxElementType.Double => ColumnType.Float64,
            _ => throw new ArgumentException($"Input '{input.Name}' of the {name} holds {input.Type}; String, Int64, Float or Double was expected.", nameof(input)),
        };
        return new ColumnSchema(input.Name, type, isList);
    }

    private static bool IsFloat(OnnxValueInfo output) => output.Type == OnnxElementType.Float;

    private static bool HasFixedWidth(OnnxValueInfo output) =>
        int.TryParse(output.Shape[1], NumberStyles.None, CultureInfo.InvariantCulture, out var width) && width > 0;

    private static ArgumentException WrongOutput(OnnxValueInfo output, string name, string shape) => new(
        $"Output '{output.Name}' of the {name} is {output.Type} [{string.Join(", ", output.Shape)}]; Float {shape} was expected.", nameof(output));

    private static string[] Known(StoredModel model, ColumnSchema[] features) =>
        [.. features.Select(feature => feature.Name).Where(feature => model.Outputs.Any(output =>
            output.Type == OnnxElementType.Bool && output.Shape.Count == 1 && string.Equals(output.Name, feature + KnownSuffix, StringComparison.Ordinal)))];
}
