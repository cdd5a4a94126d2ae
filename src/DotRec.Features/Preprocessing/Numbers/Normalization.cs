using System.Text.Json.Nodes;
using DotRec.Onnx;

namespace DotRec.Features;

/// <summary>Shifts and scales numbers to mean 0 and variance 1: (x − mean) / √variance, float32 of shape [batch, 1].</summary>
/// <remarks>
/// Mean and (population) variance are computed in double over the values present, or given. All arithmetic is double and rounded to float32
/// at the end. A variance of 0 is taken as 1, so a column that was constant gives x − mean; differs: Keras divides by 1e-7 there, which turns
/// the first new value into millions. A missing number (NaN) becomes the mean, so 0, or <see cref="WhenMissing"/>; infinities pass through.
/// ONNX: Cast to double, IsNaN, Where, Sub, Div, Cast, Unsqueeze.
/// </remarks>
public sealed class Normalization : PreprocessingLayer
{
    private InputColumn _input;
    private Moments? _moments;
    private bool _given;

    /// <summary>A layer that learns mean and variance when it is adapted.</summary>
    /// <param name="column">Name of the column: float32 or int64.</param>
    /// <param name="whenMissing">The raw number that stands in for a missing one (NaN); null for the mean.</param>
    public Normalization(string column, double? whenMissing = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        _input = new InputColumn(nameof(Normalization), column, listsAllowed: false, ColumnType.Float32, ColumnType.Int64);
        WhenMissing = CheckedMissing(whenMissing, _input.Label);
    }

    /// <summary>A layer adapted to data.</summary>
    /// <inheritdoc cref="Normalization(string, double?)"/>
    /// <inheritdoc cref="PreprocessingLayer.Adapt"/>
    public Normalization(string column, FeatureBatch data, double? whenMissing = null)
        : this(column, whenMissing) => Adapt(data);

    /// <summary>A layer with given mean and variance; adapting it takes no more than the type of the column.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="mean">Subtracted.</param>
    /// <param name="variance">Its square root divides; 0 divides by 1.</param>
    /// <param name="type"><see cref="ColumnType.Float32"/> or <see cref="ColumnType.Int64"/>.</param>
    /// <param name="whenMissing">The raw number that stands in for a missing one (NaN); null for the mean.</param>
    /// <exception cref="ArgumentException">A number is not finite, the variance negative, or the type another.</exception>
    public Normalization(string column, double mean, double variance, ColumnType type = ColumnType.Float32, double? whenMissing = null)
        : this(column, whenMissing)
    {
        _moments = Moments.Checked(mean, variance, _input.Label);
        _given = true;
        _input.Declare(type);
    }

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
    public override EncodedSchema Output => IsAdapted ? EncodedSchema.Numbers(width: 1) : throw _input.NotAdapted();

    /// <inheritdoc/>
    public override bool IsAdapted => _moments is not null && _input.IsKnown;

    private Moments Adapted => _moments ?? throw _input.NotAdapted();

    /// <inheritdoc/>
    public override void Adapt(FeatureBatch data)
    {
        if (_given)
        {
            _input.Learn(_input.Inspect(data));
            return;
        }

        var (column, numbers) = _input.InspectNumbers(data);
        _moments = Moments.Of(numbers);
        _input.Learn(column);
    }

    /// <inheritdoc/>
    public override EncodedNumbers Encode(FeatureBatch batch)
    {
        var moments = Adapted;
        var (mean, divisor, missing) = (moments.Mean, moments.Divisor, WhenMissing ?? moments.Mean);
        return new EncodedNumbers(_input.Read(batch).Map(x => (float)(((double.IsNaN(x) ? missing : x) - mean) / divisor)), width: 1);
    }

    /// <inheritdoc/>
    public override OnnxColumn Emit(OnnxInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var moments = Adapted;
        var graph = inputs.Graph;
        var values = inputs.Doubles(_input.Schema);
        if (_input.Schema.Type == ColumnType.Float32)
        {
            values = graph.Node("Where", [graph.Node("IsNaN", [values]), graph.Weight("when_missing", [WhenMissing ?? moments.Mean]), values]);
        }

        var centred = graph.Node("Sub", [values, graph.Weight("mean", [moments.Mean])]);
        var scaled = graph.Node("Div", [centred, graph.Weight("deviation", [moments.Divisor])]);
        var single = graph.Node("Cast", [scaled], ("to", (int)OnnxElementType.Float));
        return new OnnxColumn(graph.Node("Unsqueeze", [single, graph.Weight("axis", [1L], 1)]));
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
        return state;
    }

    /// <inheritdoc/>
    public override void ReadState(JsonObject state) => LayerState.Restore(this, state, () =>
    {
        var input = _input.FromState(state);
        var missing = CheckedMissing(LayerState.Optional<double?>(state, "whenMissing"), input.Label);
        var given = LayerState.Value<bool>(state, "given");
        _moments = LayerState.Optional<double?>(state, "mean") is { } mean
            ? Moments.Checked(mean, LayerState.Value<double>(state, "variance"), input.Label)
            : null;
        (_input, WhenMissing, _given) = (input, missing, given);
    });

    /// <inheritdoc/>
    public override string ToString() => _moments is null
        ? $"{_input.Label}: not adapted"
        : FormattableString.Invariant($"{_input.Label}: mean {Mean:G6}, deviation {Math.Sqrt(Variance):G6}");

    private static double? CheckedMissing(double? whenMissing, string label) => whenMissing is null || double.IsFinite(whenMissing.Value)
        ? whenMissing
        : throw new ArgumentOutOfRangeException(
            nameof(whenMissing), FormattableString.Invariant($"{label}: whenMissing is {whenMissing}; expected a finite number, or null for the mean."));
}
