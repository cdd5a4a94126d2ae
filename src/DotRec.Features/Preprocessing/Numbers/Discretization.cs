using System.Text.Json.Nodes;
using DotRec.Data;
using DotRec.Onnx;

namespace DotRec.Features;

/// <summary>Gives every number the bin it falls in: the number of boundaries that are at most as large (Keras' and numpy.digitize's side).</summary>
/// <remarks>
/// Boundaries b₀ &lt; b₁ &lt; … make the bins (−∞, b₀), [b₀, b₁), …, [last, ∞). A missing number (NaN) falls into bin 0, or, with
/// <see cref="MissingBin"/>, into a last bin of its own. Comparisons are in double. Boundaries learned: exact quantiles (linear between order
/// statistics; Keras approximates) or equal widths; repeated ones are dropped, so there may be fewer bins than asked for.
/// ONNX: Cast, Unsqueeze, GreaterOrEqual, Cast, ReduceSum, Cast (IsNaN, Where); its cost grows with the number of boundaries.
/// </remarks>
public sealed class Discretization : PreprocessingLayer
{
    /// <summary>The ONNX form counts boundaries in float32, which is exact up to here.</summary>
    private const int MostBins = 1 << 24;

    private InputColumn _input;
    private double[]? _boundaries;
    private int? _bins;
    private BinPlacement _placement;

    /// <summary>A layer that learns its boundaries when it is adapted.</summary>
    /// <param name="column">Name of the column: float32, float64 or int64.</param>
    /// <param name="bins">The most bins to make.</param>
    /// <param name="placement">Where to put the boundaries.</param>
    /// <param name="missingBin">True to give missing numbers (NaN) a bin of their own.</param>
    /// <exception cref="ArgumentOutOfRangeException">bins is below 1.</exception>
    public Discretization(string column, int bins, BinPlacement placement = BinPlacement.Quantiles, bool missingBin = false)
        : this(column, missingBin)
    {
        _bins = CheckedBins(bins, _input.Label);
        _placement = placement;
    }

    /// <summary>A layer adapted to data.</summary>
    /// <inheritdoc cref="Discretization(string, int, BinPlacement, bool)"/>
    /// <inheritdoc cref="PreprocessingLayer.Adapt"/>
    public Discretization(string column, FeatureBatch data, int bins, BinPlacement placement = BinPlacement.Quantiles, bool missingBin = false)
        : this(column, bins, placement, missingBin) => Adapt(data);

    /// <summary>A layer with given boundaries; adapting it takes no more than the type of the column.</summary>
    /// <param name="column">Name of the column.</param>
    /// <param name="boundaries">Finite and rising; n boundaries make n + 1 bins.</param>
    /// <param name="type"><see cref="ColumnType.Float32"/>, <see cref="ColumnType.Float64"/> or <see cref="ColumnType.Int64"/>.</param>
    /// <param name="missingBin">True to give missing numbers (NaN) a bin of their own.</param>
    /// <exception cref="ArgumentException">The boundaries do not rise or are not finite, or the type is another.</exception>
    public Discretization(string column, IEnumerable<double> boundaries, ColumnType type = ColumnType.Float32, bool missingBin = false)
        : this(column, missingBin)
    {
        ArgumentNullException.ThrowIfNull(boundaries);
        _boundaries = BinBoundaries.Checked([.. boundaries], _input.Label);
        _input.Declare(type);
    }

    private Discretization(string column, bool missingBin)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        _input = new InputColumn(nameof(Discretization), column, listsAllowed: false, ColumnType.Float32, ColumnType.Float64, ColumnType.Int64);
        MissingBin = missingBin;
    }

    /// <summary>The boundaries between bins, rising.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public IReadOnlyList<double> Boundaries => Adapted;

    /// <summary>Whether missing numbers (NaN) have a bin of their own, the last.</summary>
    public bool MissingBin { get; private set; }

    /// <summary>Number of bins.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public int Cardinality => Adapted.Length + (MissingBin ? 2 : 1);

    /// <inheritdoc/>
    public override IReadOnlyList<ColumnSchema> Inputs => [_input.Schema];

    /// <inheritdoc/>
    public override EncodedSchema Output => EncodedSchema.Ids(Cardinality);

    /// <inheritdoc/>
    public override bool IsAdapted => _boundaries is not null && _input.IsKnown;

    private double[] Adapted => _boundaries ?? throw _input.NotAdapted();

    /// <inheritdoc/>
    public override void Adapt(FeatureBatch data)
    {
        if (_bins is not { } bins)
        {
            _input.Learn(_input.Inspect(data));
            return;
        }

        var (column, numbers) = _input.InspectNumbers(data);
        _boundaries = BinBoundaries.Place(numbers, bins, _placement);
        _input.Learn(column);
    }

    /// <inheritdoc/>
    public override EncodedIds Encode(FeatureBatch batch)
    {
        var boundaries = Adapted;
        var missing = MissingBin ? boundaries.Length + 1 : 0;
        return new EncodedIds(_input.Read(batch).Map(x => double.IsNaN(x) ? missing : CountAtMost(boundaries, x)), Cardinality);
    }

    /// <inheritdoc/>
    public override OnnxColumn Emit(OnnxInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var boundaries = Adapted;
        var graph = inputs.Graph;
        var values = inputs.Doubles(_input.Schema);
        var last = graph.Weight("axis", [1L], 1);
        var reached = graph.Node("GreaterOrEqual", [graph.Node("Unsqueeze", [values, last]), graph.Weight("boundaries", boundaries, boundaries.Length)]);
        var counted = graph.Node("ReduceSum", [graph.Node("Cast", [reached], ("to", (int)OnnxElementType.Float)), last], ("keepdims", 0));
        var bins = graph.Node("Cast", [counted], ("to", (int)OnnxElementType.Int64));
        return new OnnxColumn(MissingBin && _input.Schema.Type != ColumnType.Int64
            ? graph.Node("Where", [graph.Node("IsNaN", [values]), graph.Weight("missing_bin", [boundaries.Length + 1L]), bins])
            : bins);
    }

    /// <inheritdoc/>
    public override JsonObject WriteState()
    {
        var state = LayerState.For(this);
        _input.Write(state);
        state["bins"] = _bins;
        state["placement"] = _placement.ToString();
        state["missingBin"] = MissingBin;
        state["boundaries"] = _boundaries is null ? null : LayerState.Array(_boundaries);
        return state;
    }

    /// <inheritdoc/>
    public override void ReadState(JsonObject state) => LayerState.Restore(this, state, () =>
    {
        var input = _input.FromState(state);
        int? bins = LayerState.Optional<int?>(state, "bins") is { } count ? CheckedBins(count, input.Label) : null;
        var placement = LayerState.Enumeration<BinPlacement>(state, "placement");
        var missingBin = LayerState.Value<bool>(state, "missingBin");
        _boundaries = LayerState.Values<double>(state, "boundaries") is { } values ? BinBoundaries.Checked(values, input.Label) : null;
        (_input, _bins, _placement, MissingBin) = (input, bins, placement, missingBin);
    });

    /// <inheritdoc/>
    public override string ToString() => _boundaries is null
        ? $"{_input.Label}: not adapted"
        : FormattableString.Invariant($"{_input.Label}: {Cardinality:N0} bins{(MissingBin ? ", the last for missing numbers" : "")}");

    private static int CountAtMost(double[] boundaries, double x)
    {
        // Upper bound: the first boundary above x.
        var (low, high) = (0, boundaries.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = boundaries[middle] <= x ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static int CheckedBins(int bins, string label) => bins is >= 1 and <= MostBins ? bins : throw new ArgumentOutOfRangeException(
        nameof(bins), FormattableString.Invariant($"{label}: bins is {bins}; expected 1 to {MostBins:N0}."));
}
