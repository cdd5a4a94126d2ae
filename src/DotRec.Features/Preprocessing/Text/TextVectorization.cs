using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using DotRec.Data;
using DotRec.Kernels;

namespace DotRec.Features;

/// <summary>Turns a text into the list of its tokens' rows: lower-case, punctuation removed, split at white space, looked up in a vocabulary.</summary>
/// <remarks>
/// <para>
/// Exactly: of the first <see cref="MaxCharacters"/> code points of a text, those of <see cref="TextStandardization.StripPunctuation"/> are
/// removed and the others take their simple lower-case form (Unicode's one-to-one mapping, without regard to language; ß stays ß); code
/// points with the property White_Space separate tokens. Tokens not in the vocabulary share row 0; a text may have no token.
/// Vocabularies are ordered as those of <see cref="IndexLookup{T}"/>.
/// </para>
/// <para>
/// The rows are a list a row of the batch, for an embedding that takes their mean. Differs: Keras lower-cases and splits ASCII only, and its
/// mask and OOV tokens take rows 0 and 1. ONNX: Tokenizer (com.microsoft) into characters, LabelEncoder, log₂ of <see cref="MaxCharacters"/>
/// steps of Slice, Concat and StringConcat, StringSplit, LabelEncoder; no locale is needed.
/// </para>
/// </remarks>
public sealed class TextVectorization : PreprocessingLayer
{
    /// <summary>Code points read of a text unless told otherwise.</summary>
    public const int DefaultMaxCharacters = 4096;

    /// <summary>The longest text a layer can be told to read, in code points.</summary>
    private const int MostCharacters = 1 << 20;

    /// <summary>Texts a part of a parallel run handles.</summary>
    private const int PartLength = 2048;

    private InputColumn _input;
    private VocabularyLimits _limits;
    private TextSplitter _splitter;
    private Vocabulary<string>? _vocabulary;
    private bool _given;
    private OovStatistics? _encodeStatistics;

    /// <summary>A layer that learns its vocabulary when it is adapted.</summary>
    /// <param name="column">Name of a column of strings, one a row.</param>
    /// <param name="maxTokens">The most rows to use, the OOV row included; null for no limit.</param>
    /// <param name="minimumCount">Tokens occurring less often are left out of the vocabulary.</param>
    /// <param name="standardization">What is done before splitting.</param>
    /// <param name="maxCharacters">How many code points of a text are read; twice as many cost four more nodes in ONNX.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public TextVectorization(
        string column,
        int? maxTokens = null,
        int minimumCount = 1,
        TextStandardization standardization = TextStandardization.LowercaseAndStripPunctuation,
        int maxCharacters = DefaultMaxCharacters)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        _input = new InputColumn(nameof(TextVectorization), column, listsAllowed: false, ColumnType.String);
        _limits = VocabularyLimits.Checked(maxTokens, minimumCount, _input.Label);
        _splitter = Splitter(standardization, maxCharacters, _input.Label);
    }

    /// <summary>A layer adapted to data.</summary>
    /// <inheritdoc cref="TextVectorization(string, int?, int, TextStandardization, int)"/>
    /// <inheritdoc cref="PreprocessingLayer.Adapt"/>
    public TextVectorization(
        string column,
        FeatureBatch data,
        int? maxTokens = null,
        int minimumCount = 1,
        TextStandardization standardization = TextStandardization.LowercaseAndStripPunctuation,
        int maxCharacters = DefaultMaxCharacters)
        : this(column, maxTokens, minimumCount, standardization, maxCharacters) => Adapt(data);

    /// <summary>A layer with a given vocabulary.</summary>
    /// <param name="column">Name of a column of strings, one a row.</param>
    /// <param name="vocabulary">Different tokens, standardized; the token at position i gets row i + 1.</param>
    /// <param name="standardization">What is done before splitting.</param>
    /// <param name="maxCharacters">How many code points of a text are read.</param>
    /// <exception cref="ArgumentException">The vocabulary is empty, a token repeats, or one is not what standardization leaves of it.</exception>
    public TextVectorization(
        string column,
        IEnumerable<string> vocabulary,
        TextStandardization standardization = TextStandardization.LowercaseAndStripPunctuation,
        int maxCharacters = DefaultMaxCharacters)
        : this(column, standardization: standardization, maxCharacters: maxCharacters)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        _vocabulary = Given([.. vocabulary], _splitter, _input);
        _given = true;
        _input.Declare(ColumnType.String);
    }

    /// <summary>The most rows the layer may use, the OOV row included (Keras' max_tokens); null for no limit.</summary>
    public int? MaxTokens => _limits.MaxTokens;

    /// <summary>Tokens that occur less often in the data adapted to are left out of the vocabulary.</summary>
    public int MinimumCount => _limits.MinimumCount;

    /// <summary>What is done to a text before it is split.</summary>
    public TextStandardization Standardization => _splitter.Standardization;

    /// <summary>How many code points of a text are read.</summary>
    public int MaxCharacters => _splitter.MaxCharacters;

    /// <summary>The tokens in row order: the token at position i has row i + 1.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public IReadOnlyList<string> Vocabulary => Adapted.Values;

    /// <summary>Rows, the OOV row included.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public int Cardinality => Adapted.Cardinality;

    /// <inheritdoc/>
    public override IReadOnlyList<ColumnSchema> Inputs => [_input.Schema];

    /// <inheritdoc/>
    public override EncodedSchema Output => EncodedSchema.Ids(Cardinality, isJagged: true);

    /// <inheritdoc/>
    public override bool IsAdapted => _vocabulary is not null && _input.IsKnown;

    /// <summary>What the limits left out of the data adapted to; null when the vocabulary was given or restored.</summary>
    public OovStatistics? AdaptStatistics { get; private set; }

    /// <inheritdoc/>
    public override OovStatistics? EncodeStatistics => Volatile.Read(ref _encodeStatistics);

    private Vocabulary<string> Adapted => _vocabulary ?? throw _input.NotAdapted();

    /// <inheritdoc/>
    public override void Adapt(FeatureBatch data)
    {
        var column = (Column<string>)_input.Inspect(data);
        if (_given)
        {
            _input.Learn(column);
            return;
        }

        var counts = Vocabulary<string>.NewCounts();
        var counter = new TokenCounter(counts.GetAlternateLookup<ReadOnlySpan<char>>());
        char[] buffer = [];
        foreach (var text in column.Values)
        {
            _splitter.Split(text, ref buffer, ref counter);
        }

        (_vocabulary, AdaptStatistics) = Vocabulary<string>.MostFrequent(counts, _limits, _input);
        _input.Learn(column);
        _encodeStatistics = null;
    }

    /// <inheritdoc/>
    public override EncodedIds Encode(FeatureBatch batch)
    {
        var vocabulary = Adapted;
        var column = (Column<string>)_input.Read(batch);
        var offsets = new int[column.RowCount + 1];
        var parts = new int[(column.RowCount + PartLength - 1) / PartLength][];
        Parallelism.ForRanges(column.RowCount, PartLength, (start, end) =>
        {
            var finder = new TokenFinder(vocabulary.BySpan(), new List<int>(8 * (end - start)));
            char[] buffer = [];
            for (var row = start; row < end; row++)
            {
                var before = finder.Rows.Count;
                _splitter.Split(column.Values[row], ref buffer, ref finder);
                offsets[row + 1] = finder.Rows.Count - before;
            }

            parts[start / PartLength] = [.. finder.Rows];
        });
        for (var row = 0; row < column.RowCount; row++)
        {
            offsets[row + 1] += offsets[row];
        }

        int[] rows = parts.Length == 1 ? parts[0] : [.. parts.SelectMany(part => part)];
        Volatile.Write(ref _encodeStatistics, new OovStatistics(rows.Length, rows.AsSpan().Count(0)));
        return new EncodedIds(rows, offsets, vocabulary.Cardinality);
    }

    /// <inheritdoc/>
    public override OnnxColumn Emit(OnnxInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return TextGraph.Emit(inputs.Graph, inputs.Column(_input.Schema).Values, _splitter, Adapted);
    }

    /// <inheritdoc/>
    public override JsonObject WriteState()
    {
        var state = LayerState.For(this);
        _input.Write(state);
        _limits.Write(state);
        state["given"] = _given;
        state["lowercase"] = Standardization.HasFlag(TextStandardization.Lowercase);
        state["stripPunctuation"] = Standardization.HasFlag(TextStandardization.StripPunctuation);
        state["maxCharacters"] = MaxCharacters;
        state["vocabulary"] = _vocabulary is null ? null : LayerState.Array(_vocabulary.Values);
        return state;
    }

    /// <inheritdoc/>
    public override void ReadState(JsonObject state) => LayerState.Restore(this, state, () =>
    {
        var input = _input.FromState(state);
        var limits = VocabularyLimits.FromState(state, input.Label);
        var standardization =
            (LayerState.Value<bool>(state, "lowercase") ? TextStandardization.Lowercase : TextStandardization.None)
            | (LayerState.Value<bool>(state, "stripPunctuation") ? TextStandardization.StripPunctuation : TextStandardization.None);
        var splitter = Splitter(standardization, LayerState.Value<int>(state, "maxCharacters"), input.Label);
        var given = LayerState.Value<bool>(state, "given");
        _vocabulary = LayerState.Values<string>(state, "vocabulary") is { } tokens ? Given(tokens, splitter, input) : null;
        (_input, _limits, _splitter, _given) = (input, limits, splitter, given);
        (AdaptStatistics, _encodeStatistics) = (null, null);
    });

    /// <inheritdoc/>
    public override string ToString() => _vocabulary is null
        ? $"{_input.Label}: not adapted"
        : FormattableString.Invariant($"{_input.Label}: {_vocabulary.Values.Count:N0} tokens + OOV, a list a row");

    private static TextSplitter Splitter(TextStandardization standardization, int maxCharacters, string label)
    {
        if ((standardization & ~TextStandardization.LowercaseAndStripPunctuation) != TextStandardization.None)
        {
            throw new ArgumentOutOfRangeException(nameof(standardization), $"{label}: there is no standardization {standardization}.");
        }

        return maxCharacters is >= 2 and <= MostCharacters ? new TextSplitter(standardization, maxCharacters) : throw new ArgumentOutOfRangeException(
            nameof(maxCharacters), FormattableString.Invariant($"{label}: maxCharacters is {maxCharacters}; expected 2 to {MostCharacters:N0}."));
    }

    private static Vocabulary<string> Given(string[] tokens, TextSplitter splitter, InputColumn input)
    {
        var vocabulary = Vocabulary<string>.Given(tokens, input);
        char[] buffer = [];
        foreach (var token in vocabulary.Values)
        {
            var found = new TokenFinder(vocabulary.BySpan(), []);
            splitter.Split(token, ref buffer, ref found);
            if (found.Rows is not [var row] || row == 0 || !string.Equals(vocabulary.Values[row - 1], token, StringComparison.Ordinal))
            {
                throw new ArgumentException(
                    $"{input.Label}: the vocabulary holds '{token}', which no text can give: it is not one token in standard form ({splitter.Standardization}).",
                    nameof(tokens));
            }
        }

        return vocabulary;
    }

    private readonly ref struct TokenCounter(Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> counts) : ITokenSink
    {
        private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _counts = counts;

        public void Token(ReadOnlySpan<char> token) => CollectionsMarshal.GetValueRefOrAddDefault(_counts, token, out _)++;
    }

    private readonly ref struct TokenFinder(Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> rows, List<int> found) : ITokenSink
    {
        private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _rows = rows;

        public List<int> Rows { get; } = found;

        public void Token(ReadOnlySpan<char> token) => Rows.Add(_rows.TryGetValue(token, out var row) ? row : 0);
    }
}
