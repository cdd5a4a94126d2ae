using DotRec.Onnx;

namespace DotRec.Autodiff;

/// <summary>
/// Writes a forward computation as an ONNX graph: run it once on a small sample batch while the trace is open, bind the sample's data to
/// graph values, and <see cref="Emit"/> the result.
/// </summary>
/// <remarks>
/// <para>
/// Data (<see cref="Tensor.From"/>, <see cref="Indices"/>, <see cref="Mask.From"/>) must be bound; parameters and constants become
/// weights, a shared one once. The batch size stays symbolic: the sample's size is found again in the shapes, so give the sample a size
/// that no other axis has by accident, 2 or more (7 is good). Dropout vanishes.
/// </para>
/// <para>The trace records on the thread that opened it. Traces do not nest. The graph stays usable after the trace is closed.</para>
/// </remarks>
public sealed class OnnxTrace : IDisposable
{
    [ThreadStatic]
    private static OnnxTrace? _current;

    private readonly Dictionary<Tensor, TracedValue> _tensors = [];
    private readonly Dictionary<Indices, (string Values, string? Lengths)> _indices = [];
    private readonly Dictionary<Mask, TracedValue> _masks = [];

    private OnnxTrace(OnnxGraph graph) => Graph = graph;

    /// <summary>The graph being written.</summary>
    public OnnxGraph Graph { get; }

    internal static bool IsRecording => _current is not null;

    /// <summary>Starts recording every operation on this thread, whether or not gradients are on.</summary>
    /// <exception cref="InvalidOperationException">A trace is open on this thread.</exception>
    public static OnnxTrace Begin(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return _current is null
            ? _current = new OnnxTrace(graph)
            : throw new InvalidOperationException("An ONNX trace is already open on this thread. Dispose it before beginning another.");
    }

    /// <summary>Says that a tensor is, in the graph, the value <paramref name="value"/>; its first axis is the batch.</summary>
    /// <exception cref="ShapeException">The tensor is a scalar.</exception>
    public void Bind(Tensor tensor, string value)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (tensor.Rank == 0)
        {
            throw new ShapeException($"Bind: the tensor for '{value}' is a scalar and has no batch axis.");
        }

        _tensors[tensor] = new TracedValue(value, 0);
    }

    /// <summary>Says which graph values hold indices: int64 of shape [batch], or, jagged, [batch, count] with each row's length.</summary>
    /// <param name="indices">The sample's indices.</param>
    /// <param name="values">Name of the graph value holding the row numbers; jagged rows are padded on the right with anything.</param>
    /// <param name="lengths">Name of the int64 value [batch] holding the lengths; null unless jagged.</param>
    /// <exception cref="ArgumentException">Lengths are missing for jagged indices, or given for others.</exception>
    public void Bind(Indices indices, string values, string? lengths = null)
    {
        ArgumentNullException.ThrowIfNull(indices);
        ArgumentException.ThrowIfNullOrEmpty(values);
        if (indices.IsJagged != lengths is not null)
        {
            throw new ArgumentException(
                indices.IsJagged ? $"Indices '{values}' are jagged: name the value that holds the rows' lengths." : $"Indices '{values}' have one index a row and no lengths.",
                nameof(lengths));
        }

        _indices[indices] = (values, lengths);
    }

    /// <summary>Says which graph value (bool) a mask is; its first axis is the batch.</summary>
    public void Bind(Mask mask, string value)
    {
        ArgumentNullException.ThrowIfNull(mask);
        ArgumentException.ThrowIfNullOrEmpty(value);
        _masks[mask] = new TracedValue(value, 0);
    }

    /// <summary>Writes everything that <paramref name="output"/> depends on and is not yet in the graph.</summary>
    /// <returns>Name of the graph value that holds the output.</returns>
    /// <exception cref="InvalidOperationException">It depends on data that is not bound, or on a result computed outside the trace.</exception>
    /// <exception cref="NotSupportedException">It depends on an operation that has no ONNX form, or that builds the batch size in.</exception>
    public string Emit(Tensor output)
    {
        ArgumentNullException.ThrowIfNull(output);
        foreach (var operation in Pending(output))
        {
            _tensors[operation.Output] = operation.Emit(this);
        }

        return Of(output).Name;
    }

    /// <summary>Stops recording.</summary>
    public void Dispose()
    {
        if (_current == this)
        {
            _current = null;
        }
    }

    /// <summary>The graph value of a tensor: bound, written before, or a weight written now.</summary>
    internal TracedValue Of(Tensor tensor)
    {
        if (_tensors.TryGetValue(tensor, out var known))
        {
            return known;
        }

        if (!tensor.IsConstant)
        {
            throw new InvalidOperationException(
                $"The traced value depends on {tensor}, which is neither a parameter nor a constant nor bound to a graph value. " +
                "Bind it with trace.Bind, make it with Tensor.Constant, or compute it while the trace is open.");
        }

        var weight = new TracedValue(Graph.Weight(tensor.Name ?? "constant", tensor.Values, Sizes(tensor.Layout)), -1);
        return _tensors[tensor] = weight;
    }

    internal (string Values, string? Lengths) Of(string operation, Indices indices) => _indices.TryGetValue(indices, out var known)
        ? known
        : throw new InvalidOperationException($"{operation}: the traced value depends on indices that are not bound to a graph value. Bind them with trace.Bind.");

    internal TracedValue Of(Mask mask)
    {
        if (_masks.TryGetValue(mask, out var known))
        {
            return known;
        }

        if (mask.Source is { } source)
        {
            return _masks[mask] = source.Emit(this);
        }

        return mask.IsConstant
            ? _masks[mask] = new TracedValue(Graph.Weight("mask", mask.Values, Sizes(mask.Layout)), -1)
            : throw new InvalidOperationException(
                $"Where: the traced value depends on a mask {mask.Layout} that is not bound to a graph value. Bind it with trace.Bind, or make it with Mask.Constant.");
    }

    /// <summary>An int64 weight, for the axes, shapes and positions that operators take as inputs.</summary>
    internal string Integers(params ReadOnlySpan<long> values) => Graph.Weight("integers", values, values.Length);

    internal string Number(float value) => Graph.Weight("number", [value]);

    private static long[] Sizes(in TensorShape layout)
    {
        var sizes = new long[layout.Rank];
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = layout[i];
        }

        return sizes;
    }

    /// <summary>Recorded operations the output needs, inputs first.</summary>
    private List<Operation> Pending(Tensor output)
    {
        var seen = new HashSet<Operation>();
        var pending = new List<Operation>();
        Add(output);
        for (var next = 0; next < pending.Count; next++)
        {
            for (var i = 0; i < pending[next].InputCount; i++)
            {
                Add(pending[next].Input(i));
            }
        }

        pending.Sort(static (x, y) => x.Sequence.CompareTo(y.Sequence));
        return pending;

        void Add(Tensor tensor)
        {
            if (tensor.Producer is { } producer && !_tensors.ContainsKey(tensor) && seen.Add(producer))
            {
                pending.Add(producer);
            }
        }
    }
}
