using System.Text.Json.Nodes;
using DotRec.Data;
using DotRec.Onnx;

namespace DotRec.Features;

/// <summary>Shifts and scales numbers, or their logarithms, to mean 0 and variance 1: (x − mean) / √variance, float32 of shape [batch, 1].</summary>
/// <remarks>
/// Mean and (population) variance are computed in double over the values present, or given. All arithmetic is double and rounded to float32
/// at the end. Where all numbers adapted to were equal, every number becomes 0: nothing is known of its scale, and no weight learned to read it;
/// differs: Keras divides by 1e-7 there, which turns the first new value into millions. A missing number (NaN) becomes the mean, so 0, or
/// <see cref="WhenMissing"/>; infinities pass through.
/// With <see cref="Logarithmic"/> x is first replaced by sign(x) · ln(1 + |x|): counts, whose tail would leave all else near 0, become even.
/// With <see cref="MissingIndicator"/> a second number is 1 where the first was missing, else 0, and the shape is [batch, 2].
/// ONNX: Cast to double, (Sign, Abs, Add, Log, Mul,) IsNaN, Where, Sub, Div, Cast, Unsqueeze (, Cast, Unsqueeze, Concat).
/// </remarks>
public sealed class Normalization : PreprocessingLayer
{
    private InputColumn _input;
    private Moments? _moments;
    private bool _given;

    /// <summary>A layer that learns mean and variance when it is adapted.</summary>
    /// <param name="column">Name of the column: float32, float64 or int64.</param>
    /// <param name="whenMissing">The raw number that stands in for a missing one (NaN); null for the mean.</param>
    /// <param name="logarithmic">True to scale the numbers' signed logarithms.</param>
    /// <param name="missingIndicator">True to give a second number that tells which numbers were missing.</param>
    public Normalization(string column, double? whenMissing = null, bool logarithmic = false, bool missingIndicator = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        _input = new InputColumn(nameof(Normalization), column, listsAllowed: false, ColumnType.Float32, ColumnType.Float64, ColumnType.Int64);
        WhenMissing = CheckedMissing(whenMissing, _input.Label);
        Logarithmic = logarithmic;
        MissingIndicator = missingIndicator;
    }

    /// <summary>A layer adapted to data.</summary>
    /// <inheritdoc cref="Normalization(string, double?, bool, bool)"/>
    /// <inheritdoc cref="PreprocessingLayer.Adapt"/>
    public Normalization(string column, FeatureBatch data, double? whenMissing = null, bool logarithmic = false, bool missingIndicator = false)
        : this(column, whenMissing, logarithmic, missingIndicator) => Adapt(data);

    /// <summary>A layer with given mean and variance; adapting it takes no more than the type of the column.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="mean">Subtracted.</param>
    /// <param name="variance">Its square root divides; 0 divides by 1.</param>
    /// <param name="type"><see cref="ColumnType.Float32"/>, <see cref="ColumnType.Float64"/> or <see cref="ColumnType.Int64"/>.</param>
    /// <param name="whenMissing">The raw number that stands in for a missing one (NaN); null for the mean.</param>
    /// <exception cref="ArgumentException">A number is not finite, the variance negative, or the type another.</exception>
    public Normalization(string column, double mean, double variance, ColumnType type = ColumnType.Float32, double? whenMissing = null)
        : this(column, whenMissing)
    {
        _moments = Moments.Checked(mean, variance, _input.Label);
        _given = true;
        _input.Declare(type);
    }

    /// <summary>True when the numbers' signed logarithms are scaled, sign(x) · ln(1 + |x|), not the numbers.</summary>
    public bool Logarithmic { get; private set; }

    /// <summary>True when a second number tells which numbers were missing.</summary>
    public bool MissingIndicator { get; private set; }

    /// <summary>The mean subtracted.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public double Mean => Adapted.Mean;

    /// <summary>The variance whose root divides.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public double Variance => Adapted.Variance;

    /// <summary>The raw number that stands in for a missing one; null for the mean.</summary>
    public double? WhenMissing { get; private set; }

    /// <inheritdoc/>
    public override IReadOnlyList<ColumnSchema> Inputs => [_input.Schema];

    /// <inheritdoc/>
    public override EncodedSchema Output => IsAdapted ? EncodedSchema.Numbers(Width) : throw _input.NotAdapted();

    /// <inheritdoc/>
    public override bool IsAdapted => _moments is not null && _input.IsKnown;

    private int Width => MissingIndicator ? 2 : 1;

    private Moments Adapted => _moments ?? throw _input.NotAdapted();

    // Whatever a float32 or int64 holds is 0 after it, and nearly every float64; infinities still pass through, which dividing by infinity would make NaN.
    private double Divisor => Adapted.Variance > 0 ? Math.Sqrt(Adapted.Variance) : _given ? 1 : double.MaxValue;

    /// <inheritdoc/>
    public override void Adapt(FeatureBatch data)
    {
        if (_given)
        {
            _input.Learn(_input.Inspect(data));
            return;
        }

        var (column, numbers) = _input.InspectNumbers(data);
        var moments = Moments.Of(Logarithmic ? Array.ConvertAll(numbers, SignedLogarithm) : numbers);
        _moments = double.IsFinite(moments.Variance) ? moments : throw new ArgumentException(
            $"{_input.Label} cannot adapt: the numbers of column '{_input.Name}' are so large that their variance is infinite. Scale them, or set logarithmic.", nameof(data));
        _input.Learn(column);
    }

    /// <inheritdoc/>
    public override EncodedNumbers Encode(FeatureBatch batch)
    {
        var moments = Adapted;
        var (mean, divisor, missing, logarithmic) = (moments.Mean, Divisor, Missing(moments), Logarithmic);
        var column = _input.Read(batch);
        var scaled = column.Map(x => (float)(((double.IsNaN(x) ? missing : logarithmic ? SignedLogarithm(x) : x) - mean) / divisor));
        if (!MissingIndicator)
        {
            return new EncodedNumbers(scaled, width: 1);
        }

        var both = new float[2 * scaled.Length];
        var absent = column.Map(x => double.IsNaN(x) ? 1f : 0);
        for (var row = 0; row < scaled.Length; row++)
        {
            (both[2 * row], both[(2 * row) + 1]) = (scaled[row], absent[row]);
        }

        return new EncodedNumbers(both, width: 2);
    }

    /// <inheritdoc/>
    public override OnnxColumn Emit(OnnxInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var moments = Adapted;
        var graph = inputs.Graph;
        var values = inputs.Doubles(_input.Schema);
        var absent = _input.Schema.Type != ColumnType.Int64 || MissingIndicator ? graph.Node("IsNaN", [values]) : null;
        if (Logarithmic)
        {
            var logarithm = graph.Node("Log", [graph.Node("Add", [graph.Node("Abs", [values]), graph.Weight("one", [1.0])])]);
            values = graph.Node("Mul", [graph.Node("Sign", [values]), logarithm]);
        }

        if (absent is not null)
        {
            values = graph.Node("Where", [absent, graph.Weight("when_missing", [Missing(moments)]), values]);
        }

        var centred = graph.Node("Sub", [values, graph.Weight("mean", [moments.Mean])]);
        var scaled = graph.Node("Div", [centred, graph.Weight("deviation", [Divisor])]);
        var single = graph.Node("Cast", [scaled], ("to", (int)OnnxElementType.Float));
        var axis = graph.Weight("axis", [1L], 1);
        var number = graph.Node("Unsqueeze", [single, axis]);
        if (!MissingIndicator)
        {
            return new OnnxColumn(number);
        }

        var indicator = graph.Node("Unsqueeze", [graph.Node("Cast", [absent!], ("to", (int)OnnxElementType.Float)), axis]);
        return new OnnxColumn(graph.Node("Concat", [number, indicator], ("axis", 1)));
    }

    /// <inheritdoc/>
    public override JsonObject WriteState()
    {
        var state = LayerState.For(this);
        _input.Write(state);
        state["given"] = _given;
        state["mean"] = _moments?.Mean;
        state["variance"] = _moments?.Variance;
        state["whenMissing"] = WhenMissing;
        state["logarithmic"] = Logarithmic;
        state["missingIndicator"] = MissingIndicator;
        return state;
    }

    /// <inheritdoc/>
    public override void ReadState(JsonObject state) => LayerState.Restore(this, state, () =>
    {
        var input = _input.FromState(state);
        var missing = CheckedMissing(LayerState.Optional<double?>(state, "whenMissing"), input.Label);
        var given = LayerState.Value<bool>(state, "given");
        var logarithmic = LayerState.Value<bool>(state, "logarithmic");
        var indicator = LayerState.Value<bool>(state, "missingIndicator");
        _moments = LayerState.Optional<double?>(state, "mean") is { } mean
            ? Moments.Checked(mean, LayerState.Value<double>(state, "variance"), input.Label)
            : null;
        (_input, WhenMissing, _given, Logarithmic, MissingIndicator) = (input, missing, given, logarithmic, indicator);
    });

    /// <inheritdoc/>
    public override string ToString() => _moments is null
        ? $"{_input.Label}: not adapted"
        : FormattableString.Invariant($"{_input.Label}: {(Logarithmic ? "logarithms of " : "")}mean {Mean:G6}, deviation {Math.Sqrt(Variance):G6}{(MissingIndicator ? ", missing ones marked" : "")}");

    /// <summary>Odd, increasing, and like x near 0: fit for counts that may be 0, or negative by way of a correction.</summary>
    internal static double SignedLogarithm(double x) => Math.CopySign(Math.Log(1 + Math.Abs(x)), x);

    private double Missing(Moments moments) => WhenMissing is not { } number ? moments.Mean : Logarithmic ? SignedLogarithm(number) : number;

    private static double? CheckedMissing(double? whenMissing, string label) => whenMissing is null || double.IsFinite(whenMissing.Value)
        ? whenMissing
        : throw new ArgumentOutOfRangeException(
            nameof(whenMissing), FormattableString.Invariant($"{label}: whenMissing is {whenMissing}; expected a finite number, or null for the mean."));
}
