using DotRec.Data;
using DotRec.Features;

namespace DotRec.Modeling;

/// <summary>A data set and what preprocessing makes of it: each layer encodes all rows once, batches then only pick rows.</summary>
internal sealed class EncodedData(FeatureBatch features)
{
    private readonly Dictionary<PreprocessingLayer, EncodedColumn> _encoded = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<PreprocessingLayer, OovStatistics?> _oov = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<object, object> _derived = [];

    /// <summary>The raw columns.</summary>
    public FeatureBatch Features { get; } = features;

    /// <summary>All rows through a preprocessing layer.</summary>
    public EncodedColumn Encoded(PreprocessingLayer preprocessing)
    {
        if (!_encoded.TryGetValue(preprocessing, out var column))
        {
            column = preprocessing.Encode(Features);
            _encoded.Add(preprocessing, column);
            _oov.Add(preprocessing, preprocessing.EncodeStatistics);
        }

        return column;
    }

    /// <summary>The rows with the same value in a column.</summary>
    public RowGroups Groups(string column) => Derived((nameof(RowGroups), column), features => RowGroups.By(features, column));

    /// <summary>Anything else computed once from the data set, by key.</summary>
    public T Derived<T>(object key, Func<FeatureBatch, T> compute)
        where T : notnull
    {
        if (!_derived.TryGetValue(key, out var value))
        {
            value = compute(Features);
            _derived.Add(key, value);
        }

        return (T)value;
    }

    /// <summary>Encodes everything the layers read, and says where values are missing from a vocabulary.</summary>
    public IEnumerable<string> OovWarnings(IEnumerable<PreprocessingLayer> layers)
    {
        foreach (var layer in layers)
        {
            Encoded(layer);
            if (_oov[layer] is { OutOfVocabulary: > 0 } statistics)
            {
                yield return $"{layer.GetType().Name}({string.Join(", ", layer.Inputs.Select(input => input.Name))}): {statistics}. "
                    + "They share one embedding; ids of another type or format than those it was adapted to would look like this.";
            }
        }
    }
}
