using System.Text.Json.Nodes;
using DotRec.Data;
using DotRec.Onnx;

namespace DotRec.Features;

/// <summary>
/// A number as piecewise-linear parts over bins that a small decision tree on the label chose, and beside them the bin itself (Gorishniy et al., 2022,
/// "On Embeddings for Numerical Features in Tabular Deep Learning", arXiv 2203.05556; the bin is an addition). One linear layer after it is any curve
/// that bends and jumps at the cuts: what closes most of a network's distance to boosted trees on tables of numbers.
/// </summary>
/// <remarks>
/// <para>
/// Cuts c₁ &lt; … &lt; c₍ₜ₋₁₎ between the least and the greatest number of the training rows make T bins. The row holds T parts, part j rising from 0 to 1
/// across bin j and 0 or 1 outside, then T numbers of which that of the bin is 1. A number beyond those of the training rows counts as the nearest of
/// them. Comparisons and divisions are in double, so timestamps lose nothing.
/// </para>
/// <para>
/// A missing number (NaN) counts as the mean; where the data adapted to lack some, all parts are 0 instead and one more number, the last, is 1.
/// </para>
/// <para>
/// The tree is that of <see cref="LabelColumn"/>'s squared error (for labels 0 and 1: of Gini's impurity), best split first. Give it the training rows
/// alone. O(n log n) once a column. All rows of a data set are held as two numbers each and written out by the batch.
/// ONNX: Clip, Sub, Div, GreaterOrEqual, Less, Concat in float64, Cast; its cost grows with the number of bins.
/// </para>
/// </remarks>
/// <example><code>new Field("age (bins)", new PiecewiseLinear("age", train, "clicked"), () => new Dense(16, ActivationFunction.Relu))</code></example>
public sealed class PiecewiseLinear : PreprocessingLayer
{
    private const int MostBins = 4096;
    private const int DefaultBins = 48;
    private const int DefaultRows = 40;
    private const double DefaultGain = 8;

    private InputColumn _input;
    private double[]? _cuts;
    private double _least;
    private double _greatest;
    private double _mean;
    private bool _marksMissing;

    /// <summary>A layer that learns its cuts when it is adapted.</summary>
    /// <param name="column">Name of the column: float32, float64 or int64.</param>
    /// <param name="labelColumn">Name of the column that the tree predicts: float32, float64 or int64, one value a row. Only adapting reads it.</param>
    /// <param name="bins">The most bins, 1 to 4,096.</param>
    /// <param name="minimumRows">The fewest training rows of a bin, at least 1.</param>
    /// <param name="minimumGain">
    /// The least that a cut lowers the squared error of the labels, in variances of all labels; 0 or positive. Cuts of numbers that have nothing to do with
    /// the label gain some few, the best of many up to ten.
    /// </param>
    /// <exception cref="ArgumentException">Number and label are one column, or a limit is out of its range.</exception>
    public PiecewiseLinear(string column, string labelColumn, int bins = DefaultBins, int minimumRows = DefaultRows, double minimumGain = DefaultGain)
    {
        ArgumentException.ThrowIfNullOrEmpty(column);
        ArgumentException.ThrowIfNullOrEmpty(labelColumn);
        _input = new InputColumn(nameof(PiecewiseLinear), column, listsAllowed: false, ColumnType.Float32, ColumnType.Float64, ColumnType.Int64);
        LabelColumn = CheckedLabel(labelColumn, _input);
        Bins = CheckedBins(bins, _input.Label);
        MinimumRows = CheckedRows(minimumRows, _input.Label);
        MinimumGain = CheckedGain(minimumGain, _input.Label);
    }

    /// <summary>A layer adapted to data: give the training rows alone.</summary>
    /// <inheritdoc cref="PiecewiseLinear(string, string, int, int, double)"/>
    /// <inheritdoc cref="PreprocessingLayer.Adapt"/>
    public PiecewiseLinear(string column, FeatureBatch data, string labelColumn, int bins = DefaultBins, int minimumRows = DefaultRows, double minimumGain = DefaultGain)
        : this(column, labelColumn, bins, minimumRows, minimumGain) => Adapt(data);

    /// <summary>The column that the tree predicts.</summary>
    public string LabelColumn { get; private set; }

    /// <summary>The most bins.</summary>
    public int Bins { get; private set; }

    /// <summary>The fewest training rows of a bin.</summary>
    public int MinimumRows { get; private set; }

    /// <summary>The least that a cut lowers the squared error of the labels, in variances of all labels.</summary>
    public double MinimumGain { get; private set; }

    /// <summary>The cuts, rising: bin 0 lies below the first.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public IReadOnlyList<double> Cuts => Adapted;

    /// <summary>The least number of the data adapted to.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public double Least => _cuts is null ? throw _input.NotAdapted() : _least;

    /// <summary>The greatest number of the data adapted to.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public double Greatest => _cuts is null ? throw _input.NotAdapted() : _greatest;

    /// <summary>True where the data adapted to lacked numbers, so that the last number of a row marks a missing one.</summary>
    /// <exception cref="InvalidOperationException">The layer is not adapted.</exception>
    public bool MarksMissing => _cuts is null ? throw _input.NotAdapted() : _marksMissing;

    /// <inheritdoc/>
    public override IReadOnlyList<ColumnSchema> Inputs => [_input.Schema];

    /// <inheritdoc/>
    public override EncodedSchema Output => EncodedSchema.Numbers(new PieceRow(Adapted.Length + 1, _marksMissing).Width);

    /// <inheritdoc/>
    public override bool IsAdapted => _cuts is not null && _input.IsKnown;

    private double[] Adapted => _cuts ?? throw _input.NotAdapted();

    private double[] Lower => [_least, .. Adapted];

    private double[] Upper => [.. Adapted, _greatest];

    /// <inheritdoc/>
    public override void Adapt(FeatureBatch data)
    {
        var (column, present) = _input.InspectNumbers(data);
        var labels = LabelsOf(data, column);
        // The sum of large numbers may be infinite, that of their shares is not.
        var mean = Moments.Of(present).Mean;
        mean = double.IsFinite(mean) ? mean : present.Sum(number => number / present.Length);
        var cuts = TreeCuts.Of(present, labels, Bins, MinimumRows, MinimumGain);
        var (least, greatest) = (present[0], present[^1]);
        (_cuts, _least, _greatest, _mean, _marksMissing) = (PieceEdges.Divisible(least, cuts, greatest), least, greatest, Math.Clamp(mean, least, greatest), present.Length < column.RowCount);
        _input.Learn(column);
    }

    /// <inheritdoc/>
    public override EncodedNumbers Encode(FeatureBatch batch)
    {
        var cuts = Adapted;
        var (least, greatest, mean, marksMissing, lower, widths) = (_least, _greatest, _mean, _marksMissing, Lower, PieceEdges.HalfWidths(Lower, Upper));
        var column = _input.Read(batch);
        var bins = column.Map(x => double.IsNaN(x) && marksMissing ? -1 : PieceEdges.BinOf(cuts, double.IsNaN(x) ? mean : x));
        var parts = column.Map(x =>
        {
            var number = Math.Clamp(double.IsNaN(x) ? mean : x, least, greatest);
            var bin = PieceEdges.BinOf(cuts, number);
            return (float)Math.Clamp(((number * 0.5) - (lower[bin] * 0.5)) / widths[bin], 0, 1);
        });
        var rows = new float[2 * bins.Length];
        for (var row = 0; row < bins.Length; row++)
        {
            (rows[2 * row], rows[(2 * row) + 1]) = (bins[row], parts[row]);
        }

        return new EncodedNumbers(rows, new PieceRow(cuts.Length + 1, marksMissing));
    }

    /// <inheritdoc/>
    public override OnnxColumn Emit(OnnxInputs inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var (lower, upper) = (Lower, Upper);
        var graph = inputs.Graph;
        var axis = graph.Weight("axis", [1L], 1);
        var values = graph.Node("Unsqueeze", [inputs.Doubles(_input.Schema), axis]);
        var missing = graph.Node("IsNaN", [values]);
        values = graph.Node("Where", [missing, graph.Weight("mean", [_mean]), values]);
        values = graph.Node("Min", [graph.Node("Max", [values, graph.Weight("least", [_least])]), graph.Weight("greatest", [_greatest])]);

        var distance = graph.Node("Sub", [graph.Node("Mul", [values, graph.Weight("half", [0.5])]), graph.Weight("from", Array.ConvertAll(lower, edge => edge * 0.5), lower.Length)]);
        var share = graph.Node("Div", [distance, graph.Weight("width", PieceEdges.HalfWidths(lower, upper), lower.Length)]);
        share = graph.Node("Min", [graph.Node("Max", [share, graph.Weight("zero", [0.0])]), graph.Weight("one", [1.0])]);

        // The first and the last bin are open: whatever a number is, it lies in one.
        var reached = graph.Node("GreaterOrEqual", [values, graph.Weight("reached", [double.NegativeInfinity, .. lower[1..]], lower.Length)]);
        var passed = graph.Node("Less", [values, graph.Weight("passed", [.. upper[..^1], double.PositiveInfinity], upper.Length)]);
        var row = graph.Node("Concat", [Single(share), Single(graph.Node("And", [reached, passed]))], ("axis", 1));
        if (_marksMissing)
        {
            row = graph.Node("Concat", [graph.Node("Where", [missing, graph.Weight("nothing", [0f]), row]), Single(missing)], ("axis", 1));
        }

        return new OnnxColumn(row);

        string Single(string value) => graph.Node("Cast", [value], ("to", (int)OnnxElementType.Float));
    }

    /// <inheritdoc/>
    public override JsonObject WriteState()
    {
        var state = LayerState.For(this);
        _input.Write(state);
        state["label"] = LabelColumn;
        state["bins"] = Bins;
        state["minimumRows"] = MinimumRows;
        state["minimumGain"] = MinimumGain;
        state["cuts"] = _cuts is null ? null : LayerState.Array(_cuts);
        state["least"] = _least;
        state["greatest"] = _greatest;
        state["mean"] = _mean;
        state["marksMissing"] = _marksMissing;
        return state;
    }

    /// <inheritdoc/>
    public override void ReadState(JsonObject state) => LayerState.Restore(this, state, () =>
    {
        var input = _input.FromState(state);
        var label = CheckedLabel(LayerState.Value<string>(state, "label"), input);
        var bins = CheckedBins(LayerState.Value<int>(state, "bins"), input.Label);
        var rows = CheckedRows(LayerState.Value<int>(state, "minimumRows"), input.Label);
        var gain = CheckedGain(LayerState.Value<double>(state, "minimumGain"), input.Label);
        var (least, mean, greatest) = (LayerState.Value<double>(state, "least"), LayerState.Value<double>(state, "mean"), LayerState.Value<double>(state, "greatest"));
        var marksMissing = LayerState.Value<bool>(state, "marksMissing");
        var cuts = LayerState.Values<double>(state, "cuts") is { } values ? BinBoundaries.Checked(values, input.Label) : null;
        if (!(least <= mean && mean <= greatest && double.IsFinite(least) && double.IsFinite(greatest)) || cuts is { Length: > 0 } && !(least < cuts[0] && cuts[^1] <= greatest))
        {
            throw new ArgumentException($"{input.Label}: the least number {least}, the mean {mean}, the greatest {greatest} and the cuts between do not rise.");
        }

        (_input, LabelColumn, Bins, MinimumRows, MinimumGain) = (input, label, bins, rows, gain);
        (_cuts, _least, _mean, _greatest, _marksMissing) = (cuts, least, mean, greatest, marksMissing);
    });

    /// <inheritdoc/>
    public override string ToString() => _cuts is null
        ? $"{_input.Label}: not adapted"
        : FormattableString.Invariant($"{_input.Label}: {_cuts.Length + 1:N0} bins from {_least:G6} to {_greatest:G6} by {LabelColumn}{(_marksMissing ? ", missing ones marked" : "")}");

    // The labels of the rows whose number is present.
    private double[] LabelsOf(FeatureBatch data, Column column)
    {
        if (!data.TryGet(LabelColumn, out var labels) || labels is Column<string> || labels.Schema.IsJagged)
        {
            throw new ArgumentException(
                $"{_input.Label} cannot adapt: its tree predicts column '{LabelColumn}', which the data {(labels is null ? "lack" : $"hold as '{labels.Schema}'")}. A column of numbers was expected, one a row.", nameof(data));
        }

        var isMissing = column.Map(double.IsNaN);
        var all = labels.Map(x => x);
        var present = new List<double>(all.Length);
        for (var row = 0; row < all.Length; row++)
        {
            if (!double.IsFinite(all[row]))
            {
                throw new ArgumentException(FormattableString.Invariant($"{_input.Label} cannot adapt: row {row} has the label {all[row]} in column '{LabelColumn}'; a finite number was expected."), nameof(data));
            }

            if (!isMissing[row])
            {
                present.Add(all[row]);
            }
        }

        return [.. present];
    }

    private static string CheckedLabel(string label, InputColumn input) => label != input.Name ? label : throw new ArgumentException(
        $"{input.Label}: the number and the label are both column '{label}'.", nameof(label));

    private static int CheckedBins(int bins, string label) => bins is >= 1 and <= MostBins ? bins : throw new ArgumentOutOfRangeException(
        nameof(bins), FormattableString.Invariant($"{label}: bins is {bins}; expected 1 to {MostBins:N0}."));

    private static int CheckedRows(int rows, string label) => rows >= 1 ? rows : throw new ArgumentOutOfRangeException(
        nameof(rows), FormattableString.Invariant($"{label}: minimum rows is {rows}; expected at least 1."));

    private static double CheckedGain(double gain, string label) => gain >= 0 && double.IsFinite(gain) ? gain : throw new ArgumentOutOfRangeException(
        nameof(gain), FormattableString.Invariant($"{label}: minimum gain is {gain}; expected 0 or a positive number."));
}
