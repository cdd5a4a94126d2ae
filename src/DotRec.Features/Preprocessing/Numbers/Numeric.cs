using System.Text.Json.Nodes;
using DotRec.Data;
using DotRec.Onnx;

namespace DotRec.Features;

/// <summary>Passes raw numbers on as they are: float32 of shape [batch, 1].</summary>
/// <remarks>
/// Integers and float64 numbers are rounded to the nearest float32. A missing number (NaN) becomes <see cref="WhenMissing"/>, infinities pass through.
/// Scale numbers of large range with <see cref="Normalization"/> instead. ONNX: Cast, or IsNaN and Where, for float64 Cast after them; Unsqueeze.
/// </remarks>
public sealed class Numeric : PreprocessingLayer
{
    private InputColumn _input;

    /// <summary>A layer that takes the type of its column from the data it is adapted to.</summary>
    /// <param name="column">Name of the column: float32, float64 or int64.</param>
    /// <param name="whenMissing">What stands in for a missing number (NaN); finite.</param>
    public Numeric(string column, float whenMissing = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        _input = new InputColumn(nameof(Numeric), column, listsAllowed: false, ColumnType.Float32, ColumnType.Float64, ColumnType.Int64);
        WhenMissing = Checked(whenMissing, _input.Label);
    }

    /// <summary>A layer for a column of the type it has in the data.</summary>
    /// <inheritdoc cref="Numeric(string, float)"/>
    /// <inheritdoc cref="PreprocessingLayer.Adapt"/>
    public Numeric(string column, FeatureBatch data, float whenMissing = 0)
        : this(column, whenMissing) => Adapt(data);

    /// <summary>A layer for a column of a given type.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="type"><see cref="ColumnType.Float32"/>, <see cref="ColumnType.Float64"/> or <see cref="ColumnType.Int64"/>.</param>
    /// <param name="whenMissing">What stands in for a missing number (NaN); finite.</param>
    /// <exception cref="ArgumentException">The type is another, or whenMissing not finite.</exception>
    public Numeric(string column, ColumnType type, float whenMissing = 0)
        : this(column, whenMissing) => _input.Declare(type);

    /// <summary>What stands in for a missing number (NaN).</summary>
    public float WhenMissing { get; private set; }

    /// <inheritdoc/>
    public override IReadOnlyList<ColumnSchema> Inputs => [_input.Schema];

    /// <inheritdoc/>
    public override EncodedSchema Output => _input.IsKnown ? EncodedSchema.Numbers(width: 1) : throw _input.NotAdapted();

    /// <inheritdoc/>
    public override bool IsAdapted => _input.IsKnown;

    /// <summary>Takes the type of the column; there is nothing else to learn.</summary>
    /// <inheritdoc/>
    public override void Adapt(FeatureBatch data) => _input.Learn(_input.Inspect(data));

    /// <inheritdoc/>
    public override EncodedNumbers Encode(FeatureBatch batch) => new(
        _input.Read(batch) switch
        {
            Column<long> integers => Array.ConvertAll(integers.Values.ToArray(), value => (float)value),
            var numbers => numbers.Map(value => double.IsNaN(value) ? WhenMissing : (float)value),
        },
        width: 1);

    /// <inheritdoc/>
    public override OnnxColumn Emit(OnnxInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var values = inputs.Column(_input.Schema).Values;
        var graph = inputs.Graph;
        values = _input.Schema.Type switch
        {
            ColumnType.Int64 => graph.Node("Cast", [values], ("to", (int)OnnxElementType.Float)),
            ColumnType.Float64 => graph.Node(
                "Cast",
                [graph.Node("Where", [graph.Node("IsNaN", [values]), graph.Weight("when_missing", [(double)WhenMissing]), values])],
                ("to", (int)OnnxElementType.Float)),
            _ => graph.Node("Where", [graph.Node("IsNaN", [values]), graph.Weight("when_missing", [WhenMissing]), values]),
        };
        return new OnnxColumn(graph.Node("Unsqueeze", [values, graph.Weight("axis", [1L], 1)]));
    }

    /// <inheritdoc/>
    public override JsonObject WriteState()
    {
        var state = LayerState.For(this);
        _input.Write(state);
        state["whenMissing"] = WhenMissing;
        return state;
    }

    /// <inheritdoc/>
    public override void ReadState(JsonObject state) => LayerState.Restore(this, state, () =>
    {
        var input = _input.FromState(state);
        WhenMissing = Checked(LayerState.Value<float>(state, "whenMissing"), input.Label);
        _input = input;
    });

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{_input.Label}: missing = {WhenMissing}");

    private static float Checked(float whenMissing, string label) => float.IsFinite(whenMissing) ? whenMissing : throw new ArgumentOutOfRangeException(
        nameof(whenMissing), FormattableString.Invariant($"{label}: whenMissing is {whenMissing}; expected a finite number."));
}
