using System.Text.Json.Nodes;
using DotRec.Onnx;

namespace DotRec.Features;

/// <summary>Gives every value of a vocabulary a row number of its own; all other values share row 0, the out-of-vocabulary (OOV) row.</summary>
/// <remarks>
/// Adapted vocabularies are ordered by falling number of occurrences, equal ones ordinally (integers: by size), so the same data give the
/// same rows. Row 0 is trained only if some training value is out of vocabulary: adapt to the training part alone, or use a minimum count.
/// ONNX: one LabelEncoder. Differs from Keras: there is no mask token, and the OOV row is always row 0 and always one row.
/// </remarks>
/// <typeparam name="T"><see cref="string"/> or <see cref="long"/>.</typeparam>
public abstract class IndexLookup<T> : PreprocessingLayer
    where T : notnull
{
    private InputColumn _input;
    private Vocabulary<T>? _vocabulary;
    private OovStatistics? _encodeStatistics;

    private protected IndexLookup(string column, ColumnType type, int? maxTokens, int minimumCount)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        _input = new InputColumn(GetType().Name, column, listsAllowed: true, type);
        (MaxTokens, MinimumCount) = Checked(maxTokens, minimumCount);
    }

    /// <summary>The most rows the layer may use, the OOV row included (Keras' max_tokens); null for no limit.</summary>
    public int? MaxTokens { get; private set; }

    /// <summary>Values that occur less often in the data adapted to are left out of the vocabulary.</summary>
    public int MinimumCount { get; private set; }

    /// <summary>The values in row order: the value at position i has row i + 1.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public IReadOnlyList<T> Vocabulary => Adapted.Values;

    /// <summary>Rows, the OOV row included.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public int Cardinality => Adapted.Cardinality;

    /// <inheritdoc/>
    public override IReadOnlyList<ColumnSchema> Inputs => [_input.Schema];

    /// <inheritdoc/>
    public override bool IsAdapted => _vocabulary is not null;

    /// <summary>What <see cref="MaxTokens"/> and <see cref="MinimumCount"/> left out of the data adapted to; null when the vocabulary was given or restored.</summary>
    public OovStatistics? AdaptStatistics { get; private set; }

    /// <inheritdoc/>
    public override OovStatistics? EncodeStatistics => Volatile.Read(ref _encodeStatistics);

    private Vocabulary<T> Adapted => _vocabulary ?? throw _input.NotAdapted();

    private protected abstract string KeysAttribute { get; }

    /// <summary>The row of a value: 0 when the vocabulary lacks it.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public int RowOf(T value) => Adapted.Find(value);

    /// <inheritdoc/>
    /// <remarks>Cost: one dictionary update a value and one sort of the different values.</remarks>
    public override void Adapt(FeatureBatch data)
    {
        var column = (Column<T>)_input.Inspect(data);
        var counts = Vocabulary<T>.NewCounts();
        Vocabulary<T>.Count(column.Values, counts);
        if (counts.Count > 0 && !counts.Values.Any(count => count >= MinimumCount))
        {
            throw new ArgumentException(
                $"{_input.Label} cannot adapt: none of the {counts.Count} different values occurs {MinimumCount} times. Lower minimumCount.", nameof(data));
        }

        if (counts.Count == 0)
        {
            throw new ArgumentException($"{_input.Label} cannot adapt: column '{_input.Name}' holds no value.", nameof(data));
        }

        _input.Learn(column);
        (_vocabulary, AdaptStatistics) = Vocabulary<T>.MostFrequent(counts, MaxTokens, MinimumCount);
        _encodeStatistics = null;
    }

    /// <inheritdoc/>
    public override EncodedIds Encode(FeatureBatch batch)
    {
        var vocabulary = Adapted;
        var column = (Column<T>)_input.Read(batch);
        var (rows, statistics) = vocabulary.Find(column);
        Volatile.Write(ref _encodeStatistics, statistics);
        return column.Schema.IsJagged
            ? new EncodedIds(rows, column.Offsets.ToArray(), vocabulary.Cardinality)
            : new EncodedIds(rows, vocabulary.Cardinality);
    }

    /// <inheritdoc/>
    public override OnnxColumn Emit(OnnxInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var vocabulary = Adapted;
        var column = inputs.Column(_input.Schema);
        return column with { Values = LabelEncoder(inputs.Graph, column.Values, vocabulary, KeysAttribute) };
    }

    /// <inheritdoc/>
    public override JsonObject WriteState()
    {
        var state = LayerState.For(this);
        _input.Write(state);
        state["maxTokens"] = MaxTokens;
        state["minimumCount"] = MinimumCount;
        state["vocabulary"] = _vocabulary is null ? null : LayerState.Array(_vocabulary.Values);
        return state;
    }

    /// <inheritdoc/>
    public override void ReadState(JsonObject state) =>
        LayerState.Restore(this, state, () =>
        {
            var input = _input.FromState(state);
            var limits = Checked(LayerState.Optional<int?>(state, "maxTokens"), LayerState.Value<int>(state, "minimumCount"));
            var vocabulary = LayerState.Values<T>(state, "vocabulary") is { } values ? new Vocabulary<T>(values) : null;
            (_input, (MaxTokens, MinimumCount), _vocabulary) = (input, limits, vocabulary);
            (AdaptStatistics, _encodeStatistics) = (null, null);
        });

    /// <inheritdoc/>
    public override string ToString() => _vocabulary is null
        ? $"{_input.Label}: not adapted"
        : FormattableString.Invariant($"{_input.Label}: {_vocabulary.Values.Count:N0} values + OOV");

    internal static string LabelEncoder(OnnxGraph graph, string values, Vocabulary<T> vocabulary, string keysAttribute)
    {
        var rows = new long[vocabulary.Values.Count];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = i + 1;
        }

        return graph.Node("LabelEncoder", OnnxGraph.MachineLearningDomain, [values], 1,
            (keysAttribute, vocabulary.Values), ("values_int64s", rows), ("default_int64", 0L))[0];
    }

    private protected void Give(IEnumerable<T> vocabulary, ColumnType type, bool isJagged)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        try
        {
            _vocabulary = new Vocabulary<T>([.. vocabulary]);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"{_input.Label}: {exception.Message}", nameof(vocabulary), exception);
        }

        _input.Declare(type, isJagged);
    }

    private (int? MaxTokens, int MinimumCount) Checked(int? maxTokens, int minimumCount)
    {
        if (maxTokens is < 2)
        {
            throw new ArgumentOutOfRangeException(nameof(maxTokens), $"{_input.Label}: maxTokens is {maxTokens}; at least 2 are needed, the OOV row and one value.");
        }

        return minimumCount >= 1 ? (maxTokens, minimumCount) : throw new ArgumentOutOfRangeException(
            nameof(minimumCount), $"{_input.Label}: minimumCount is {minimumCount}; expected 1 or more.");
    }
}
