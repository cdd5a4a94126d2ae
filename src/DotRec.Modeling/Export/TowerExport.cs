using System.Globalization;
using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;
using DotRec.Onnx;

namespace DotRec.Modeling;

/// <summary>Writes one forward pass of a tower as an ONNX graph: preprocessing emits itself, the tensor operations are traced.</summary>
internal sealed class TowerExport : IDisposable
{
    /// <summary>Rows of the traced sample: a size that no axis of a model has by accident, so that the trace recognises the batch axis.</summary>
    private const int SampleRows = 7;

    /// <summary>Suffix of a boolean output of shape [batch]: <c>user_id_known</c> is false where the value of <c>user_id</c> is out of vocabulary.</summary>
    private const string KnownSuffix = "_known";

    private readonly SortedDictionary<string, string> _lookups = new(StringComparer.Ordinal);
    private readonly Dictionary<Indices, OnnxColumn> _categories = [];
    private readonly Dictionary<PreprocessingLayer, OnnxColumn> _emitted = new(ReferenceEqualityComparer.Instance);
    private readonly OnnxInputs _inputs;
    private readonly OnnxTrace _trace;

    public TowerExport(string name)
    {
        Graph = new OnnxGraph(name);
        _inputs = new OnnxInputs(Graph);
        _trace = OnnxTrace.Begin(Graph);
    }

    public OnnxGraph Graph { get; }

    /// <summary>Says what a preprocessing layer's output is in the graph. A layer that several branches read stands in it once.</summary>
    public void Bind(PreprocessingLayer preprocessing, in Signal signal)
    {
        if (!_emitted.TryGetValue(preprocessing, out var column))
        {
            column = preprocessing.Emit(_inputs);
            _emitted.Add(preprocessing, column);
        }

        if (signal.Numbers is { } numbers)
        {
            _trace.Bind(numbers, column.Values);
        }
        else
        {
            Bind(signal.Categories!.Numbers, column);
        }

        if (preprocessing is StringLookup or IntegerLookup && column.Length is null)
        {
            _lookups.TryAdd(preprocessing.Inputs[0].Name, column.Values);
        }
    }

    /// <summary>Says that a layer computed category numbers from others by an operator with one integer operand.</summary>
    public void Derive(Indices derived, Indices source, string onnxOperator, long operand)
    {
        var column = _categories[source];
        Bind(derived, column with { Values = Graph.Node(onnxOperator, [column.Values, Graph.Weight("operand", [operand])]) });
    }

    /// <summary>Writes what a layer computed, so that a layer without an ONNX form is found by name.</summary>
    /// <exception cref="NotSupportedException">The layer cannot be exported.</exception>
    public string Emit(Layer layer, Tensor output)
    {
        try
        {
            return _trace.Emit(output);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            throw new NotSupportedException(
                $"Layer {layer} cannot be exported to ONNX: {exception.Message} Compute its result from its input by tensor operations only.", exception);
        }
    }

    /// <summary>Declares the outputs: the embedding, then for each lookup whether the value has a row of its own (row 0 is that of all others).</summary>
    public OnnxModel FinishEmbedding(string embedding, int dimension)
    {
        Graph.Output("embedding", embedding, OnnxElementType.Float, "batch", dimension.ToString(CultureInfo.InvariantCulture));
        foreach (var (column, rows) in _lookups)
        {
            var known = Graph.Node("Greater", [rows, Graph.Weight("oov_row", [0L])]);
            Graph.Output(column + KnownSuffix, known, OnnxElementType.Bool, "batch");
        }

        return Graph.Build();
    }

    /// <summary>Declares the output of a ranking model, shape [batch, 1].</summary>
    public OnnxModel FinishScore(string score, bool isLogit, LabelScale scale)
    {
        if (scale != LabelScale.None)
        {
            // In double, as the model computes: in float32 a label of a million has lost its cents.
            var wide = Graph.Node("Cast", [score], ("to", (int)OnnxElementType.Double));
            var spread = Graph.Node("Mul", [wide, Graph.Weight("label_deviation", [scale.Deviation])]);
            score = Graph.Node("Cast", [Graph.Node("Add", [spread, Graph.Weight("label_mean", [scale.Mean])])], ("to", (int)OnnxElementType.Float));
        }

        Graph.Output("score", isLogit ? Graph.Node("Sigmoid", [score]) : score, OnnxElementType.Float, "batch", "1");
        return Graph.Build();
    }

    public void Dispose() => _trace.Dispose();

    /// <summary>Rows of made-up features for layers to meet: empty text, zeros.</summary>
    public static FeatureBatch Sample(IEnumerable<ColumnSchema> schema) =>
        new([.. schema.Distinct().Select(SampleColumn)]);

    private void Bind(Indices indices, OnnxColumn column)
    {
        _categories[indices] = column;
        _trace.Bind(indices, column.Values, column.Length);
    }

    private static Column SampleColumn(ColumnSchema schema) => schema.Type switch
    {
        ColumnType.String => Filled(schema, ""),
        ColumnType.Int64 => Filled(schema, 0L),
        ColumnType.Float64 => Filled(schema, 0.0),
        _ => Filled(schema, 0f),
    };

    private static Column<T> Filled<T>(ColumnSchema schema, T value)
        where T : notnull
    {
        if (!schema.IsJagged)
        {
            return new Column<T>(schema.Name, [.. Enumerable.Repeat(value, SampleRows)]);
        }

        int[] offsets = [0, .. Enumerable.Range(1, SampleRows)];
        return new Column<T>(schema.Name, [.. Enumerable.Repeat(value, SampleRows)], offsets);
    }
}
