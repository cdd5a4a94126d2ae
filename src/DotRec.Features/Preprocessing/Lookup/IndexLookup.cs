using System.Text.Json.Nodes;
using DotRec.Data;

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
    private VocabularyLimits _limits;
    private Vocabulary<T>? _vocabulary;
    private bool _given;
    private OovStatistics? _encodeStatistics;

    private protected IndexLookup(string column, ColumnType type, int? maxTokens, int minimumCount)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        _input = new InputColumn(GetType().Name, column, listsAllowed: true, type);
        _limits = VocabularyLimits.Checked(maxTokens, minimumCount, _input.Label);
    }

    /// <summary>The most rows the layer may use, the OOV row included (Keras' max_tokens); null for no limit.</summary>
    public int? MaxTokens => _limits.MaxTokens;

    /// <summary>Values that occur less often in the data adapted to are left out of the vocabulary.</summary>
    public int MinimumCount => _limits.MinimumCount;

    /// <summary>The values in row order: the value at position i has row i + 1.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public IReadOnlyList<T> Vocabulary => Adapted.Values;

    /// <summary>Rows, the OOV row included.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public int Cardinality => Adapted.Cardinality;

    /// <inheritdoc/>
    public override IReadOnlyList<ColumnSchema> Inputs => [_input.Schema];

    /// <inheritdoc/>
    public override EncodedSchema Output => EncodedSchema.Ids(Cardinality, _input.Schema.IsJagged);

    /// <inheritdoc/>
    public override bool IsAdapted => _vocabulary is not null && _input.IsKnown;

    /// <summary>What <see cref="MaxTokens"/> and <see cref="MinimumCount"/> left out of the data adapted to; null when the vocabulary was given or restored.</summary>
    public OovStatistics? AdaptStatistics { get; private set; }

    /// <inheritdoc/>
    public override OovStatistics? EncodeStatistics => Volatile.Read(ref _encodeStatistics);

    private Vocabulary<T> Adapted => _vocabulary ?? throw _input.NotAdapted();

    /// <summary>The row of a value: 0 when the vocabulary lacks it.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public int RowOf(T value) => Adapted.Find(value);

    /// <inheritdoc/>
    /// <remarks>Cost: one dictionary update a value and one sort of the different values.</remarks>
    public override void Adapt(FeatureBatch data)
    {
        var column = (Column<T>)_input.Inspect(data);
        if (_given)
        {
            _input.Learn(column);
            return;
        }

        var counts = Vocabulary<T>.NewCounts();
        Vocabulary<T>.Count(column.Values, counts);
        (_vocabulary, AdaptStatistics) = Vocabulary<T>.MostFrequent(counts, _limits, _input);
        _input.Learn(column);
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
        return column with { Values = vocabulary.Emit(inputs.Graph, column.Values) };
    }

    /// <inheritdoc/>
    public override JsonObject WriteState()
    {
        var state = LayerState.For(this);
        _input.Write(state);
        _limits.Write(state);
        state["given"] = _given;
        state["vocabulary"] = _vocabulary is null ? null : LayerState.Array(_vocabulary.Values);
        return state;
    }

    /// <inheritdoc/>
    public override void ReadState(JsonObject state) =>
        LayerState.Restore(this, state, () =>
        {
            var input = _input.FromState(state);
            var limits = VocabularyLimits.FromState(state, input.Label);
            var given = LayerState.Value<bool>(state, "given");
            var vocabulary = LayerState.Values<T>(state, "vocabulary") is { } values ? new Vocabulary<T>(values) : null;
            (_input, _limits, _vocabulary, _given) = (input, limits, vocabulary, given);
            (AdaptStatistics, _encodeStatistics) = (null, null);
        });

    /// <inheritdoc/>
    public override string ToString() => _vocabulary is null
        ? $"{_input.Label}: not adapted"
        : FormattableString.Invariant($"{_input.Label}: {_vocabulary.Values.Count:N0} values + OOV");

    private protected void Give(IEnumerable<T> vocabulary, ColumnType type, bool isJagged)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        _vocabulary = Vocabulary<T>.Given([.. vocabulary], _input);
        _given = true;
        _input.Declare(type, isJagged);
    }
}
