using DotRec.Data;

namespace DotRec.Serving;

/// <summary>Who asks: finds the query id among the features, what it has had, and whether training knew it.</summary>
internal sealed class QueryIdentity
{
    private readonly int _feature;
    private readonly int _knownFeature;

    public QueryIdentity(ModelSignature signature, string? queryIdFeature, SeenItems? seen, bool isByHistory = false)
    {
        Feature = queryIdFeature ?? seen?.QueryFeature
            ?? (signature.InputFeatureCount == 1 && signature.Features[0] is { IsJagged: false, Type: ColumnType.String or ColumnType.Int64 } only ? only.Name : null);
        _feature = signature.Features.ToList().FindIndex(feature => string.Equals(feature.Name, Feature, StringComparison.Ordinal));
        _knownFeature = signature.KnownFeatures.ToList().IndexOf(Feature ?? "");
        CanTell = _knownFeature >= 0 || seen is not null || isByHistory;
        if (Feature is not null)
        {
            Check(signature, seen);
        }
    }

    /// <summary>Name of the feature, or null when nothing tells who asks.</summary>
    public string? Feature { get; }

    /// <summary>True when <see cref="IsUnknown"/> can tell.</summary>
    public bool CanTell { get; }

    /// <summary>True when the row's id was not in the training data: the model's own word if it gives one, else that of the seen items.</summary>
    public bool IsUnknown(ModelCall call, int row, SeenItems? seen) =>
        _knownFeature >= 0 ? !call.IsKnown(_knownFeature, row)
        : seen is not null && (IsMissing(call, row) || !(call.Features[_feature] is ColumnBuffer<string> texts ? seen.Contains(texts.Values[row]) : seen.Contains(Integers(call).Values[row])));

    /// <summary>True when the model says that it knows the row's id.</summary>
    public bool IsKnownTo(ModelCall model, int row) => _knownFeature >= 0 && model.IsKnown(_knownFeature, row);

    /// <summary>Rows of the index that the row's id has had.</summary>
    public ReadOnlySpan<int> Seen(QueryCall call, int row, SeenItems? seen) =>
        seen is null || IsMissing(call, row) ? []
        : call.Features[_feature] is ColumnBuffer<string> texts ? seen.RowsOf(texts.Values[row])
        : seen.RowsOf(Integers(call).Values[row]);

    /// <summary>The id of a row: a string or a boxed long; null when nothing tells who asks.</summary>
    public object? IdOf(QueryCall call, int row) =>
        _feature < 0 ? null : call.Features[_feature] is ColumnBuffer<string> texts ? texts.Values[row] : Integers(call).Values[row];

    /// <summary>The type of the id.</summary>
    public Type IdType(ModelSignature signature) =>
        _feature >= 0 && signature.Features[_feature].Type == ColumnType.String ? typeof(string) : typeof(long);

    // A number that says "none" would be somebody's id.
    private bool IsMissing(QueryCall call, int row) => _feature >= 0 && call.Features[_feature] is ColumnBuffer<long> integers && integers.IsMissing(row);

    private ColumnBuffer<long> Integers(QueryCall call) => (ColumnBuffer<long>)call.Features[_feature];

    private void Check(ModelSignature signature, SeenItems? seen)
    {
        if (_feature < 0 || signature.Features[_feature] is { IsJagged: true } or { Type: ColumnType.Float32 or ColumnType.Float64 })
        {
            throw new ArgumentException($"The query id feature '{Feature}' must be a String or Int64 feature of the {signature.Name}, which reads {string.Join(", ", signature.Features)}.");
        }

        if (seen is not null && (seen.Type != signature.Features[_feature].Type || !string.Equals(seen.QueryFeature, Feature, StringComparison.Ordinal)))
        {
            throw new ArgumentException(
                $"Seen items are given for {seen.QueryFeature}: {seen.Type}; the query id feature is {signature.Features[_feature]}.");
        }
    }
}
