namespace DotRec.Serving;

/// <summary>Who asks: finds the query id among the features, what it has had, and whether training knew it.</summary>
internal sealed class QueryIdentity
{
    private readonly int _feature;
    private readonly int _knownFeature;
    private readonly SeenItems? _seen;

    public QueryIdentity(ModelSignature signature, string? queryIdFeature, SeenItems? seen)
    {
        Feature = queryIdFeature ?? seen?.QueryFeature
            ?? (signature.InputFeatureCount == 1 && signature.Features[0] is { IsList: false, Type: not (QueryFeatureType.Float32 or QueryFeatureType.Float64) } only ? only.Name : null);
        _feature = signature.Features.ToList().FindIndex(feature => string.Equals(feature.Name, Feature, StringComparison.Ordinal));
        _knownFeature = signature.KnownFeatures.ToList().IndexOf(Feature ?? "");
        _seen = seen;
        if (Feature is not null)
        {
            Check(signature);
        }
    }

    /// <summary>Name of the feature, or null when nothing tells who asks.</summary>
    public string? Feature { get; }

    /// <summary>True when <see cref="Seen"/> can say anything.</summary>
    public bool HasSeen => _seen is not null;

    /// <summary>True when <see cref="IsUnknown"/> can tell.</summary>
    public bool CanTell => _knownFeature >= 0 || _seen is not null;

    /// <summary>True when the row's id was not in the training data: the model's own word if it gives one, else that of the seen items.</summary>
    public bool IsUnknown(ModelCall call, int row) =>
        _knownFeature >= 0 ? !call.IsKnown(_knownFeature, row)
        : _seen is not null && !(call.Features[_feature] is FeatureBuffer<string> texts ? _seen.Contains(texts.Values[row]) : _seen.Contains(Integers(call).Values[row]));

    /// <summary>Rows of the index that the row's id has had.</summary>
    public ReadOnlySpan<int> Seen(ModelCall call, int row) =>
        _seen is null ? []
        : call.Features[_feature] is FeatureBuffer<string> texts ? _seen.RowsOf(texts.Values[row])
        : _seen.RowsOf(Integers(call).Values[row]);

    /// <summary>The id of a row: a string or a boxed long; null when nothing tells who asks.</summary>
    public object? IdOf(ModelCall call, int row) =>
        _feature < 0 ? null : call.Features[_feature] is FeatureBuffer<string> texts ? texts.Values[row] : Integers(call).Values[row];

    /// <summary>The type of the id.</summary>
    public Type IdType(ModelSignature signature) =>
        _feature >= 0 && signature.Features[_feature].Type == QueryFeatureType.String ? typeof(string) : typeof(long);

    private FeatureBuffer<long> Integers(ModelCall call) => (FeatureBuffer<long>)call.Features[_feature];

    private void Check(ModelSignature signature)
    {
        if (_feature < 0 || signature.Features[_feature] is { IsList: true } or { Type: QueryFeatureType.Float32 or QueryFeatureType.Float64 })
        {
            throw new ArgumentException($"The query id feature '{Feature}' must be a String or Int64 feature of the {signature.Name}, which reads {string.Join(", ", signature.Features)}.");
        }

        if (_seen is not null && (_seen.Type != signature.Features[_feature].Type || !string.Equals(_seen.QueryFeature, Feature, StringComparison.Ordinal)))
        {
            throw new ArgumentException(
                $"Seen items are given for {_seen.QueryFeature}: {_seen.Type}; the query id feature is {signature.Features[_feature]}.");
        }
    }
}
