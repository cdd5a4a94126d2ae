using System.Globalization;
using System.Runtime.InteropServices;

namespace DotRec.Onnx;

/// <summary>
/// An ONNX graph under construction. Layers and operations add weights and nodes and pass value names on; <see cref="Build"/> writes the model.
/// </summary>
/// <remarks>
/// Field numbers are those of onnx.proto3 (ONNX IR). Opset 21 of the default domain, 4 of ai.onnx.ml, 1 of com.microsoft.
/// A model holds its weights inline, so it is limited to 2 GiB, the limit of the format. Not safe for use from several threads.
/// </remarks>
public sealed class OnnxGraph
{
    /// <summary>The domain of the classical machine-learning operators (LabelEncoder and others).</summary>
    public const string MachineLearningDomain = "ai.onnx.ml";

    /// <summary>The domain of ONNX Runtime's own operators (MurmurHash3 and others).</summary>
    public const string MicrosoftDomain = "com.microsoft";

    private const long IrVersion = 10;
    private const long DefaultOpset = 21;

    private readonly string _name;
    private readonly List<WireWriter> _nodes = [];
    private readonly List<WireWriter> _weights = [];
    private readonly List<OnnxValueInfo> _inputs = [];
    private readonly List<OnnxValueInfo> _outputs = [];
    private readonly Dictionary<string, int> _usedNames = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _domains = new(StringComparer.Ordinal) { "" };

    /// <summary>Starts an empty graph.</summary>
    /// <param name="name">Name of the graph, shown by viewers.</param>
    public OnnxGraph(string name) => _name = name;

    /// <summary>Declares a graph input. A name can be declared once.</summary>
    /// <param name="name">Name of the input as callers of the model give it.</param>
    /// <param name="type">Element type.</param>
    /// <param name="shape">One entry an axis: a size ("32") or a symbol ("batch").</param>
    /// <returns>The value's name.</returns>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public string Input(string name, OnnxElementType type, params string[] shape)
    {
        if (!_usedNames.TryAdd(name, 0))
        {
            throw new ArgumentException($"The graph '{_name}' already has a value named '{name}'. Give each input a name of its own.", nameof(name));
        }

        _inputs.Add(new OnnxValueInfo(name, type, shape));
        return name;
    }

    /// <summary>Declares a graph output: <paramref name="value"/> under the name <paramref name="name"/>.</summary>
    /// <exception cref="ArgumentException">The name is taken by another value.</exception>
    public void Output(string name, string value, OnnxElementType type, params string[] shape)
    {
        if (!string.Equals(name, value, StringComparison.Ordinal))
        {
            var node = new WireWriter().Text(1, value).Text(2, name).Text(3, name).Text(4, "Identity");
            if (!_usedNames.TryAdd(name, 0))
            {
                throw new ArgumentException($"The graph '{_name}' already has a value named '{name}'. Give the output a name of its own.", nameof(name));
            }

            _nodes.Add(node);
        }

        _outputs.Add(new OnnxValueInfo(name, type, shape));
    }

    /// <summary>Adds constant float32 values. Returns the value's name.</summary>
    public string Weight(string hint, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) =>
        Initializer(hint, OnnxElementType.Float, MemoryMarshal.AsBytes(values), values.Length, shape);

    /// <summary>Adds constant float64 values. Returns the value's name.</summary>
    public string Weight(string hint, ReadOnlySpan<double> values, params ReadOnlySpan<long> shape) =>
        Initializer(hint, OnnxElementType.Double, MemoryMarshal.AsBytes(values), values.Length, shape);

    /// <summary>Adds constant int64 values. Returns the value's name.</summary>
    public string Weight(string hint, ReadOnlySpan<long> values, params ReadOnlySpan<long> shape) =>
        Initializer(hint, OnnxElementType.Int64, MemoryMarshal.AsBytes(values), values.Length, shape);

    /// <summary>Adds constant booleans. Returns the value's name.</summary>
    public string Weight(string hint, ReadOnlySpan<bool> values, params ReadOnlySpan<long> shape) =>
        Initializer(hint, OnnxElementType.Bool, MemoryMarshal.AsBytes(values), values.Length, shape);

    /// <summary>Adds constant strings. Returns the value's name.</summary>
    public string Weight(string hint, ReadOnlySpan<string> values, params ReadOnlySpan<long> shape)
    {
        CheckShape(hint, values.Length, shape);
        var name = Fresh(hint);
        var tensor = new WireWriter().Integers(1, shape).Integer(2, (long)OnnxElementType.String);
        foreach (var value in values)
        {
            tensor.Text(6, value);
        }

        _weights.Add(tensor.Text(8, name));
        return name;
    }

    /// <summary>Adds a node of the default domain with one output.</summary>
    /// <param name="type">Operator, for example "Gemm".</param>
    /// <param name="inputs">Value names; an empty name leaves an optional input out.</param>
    /// <param name="attributes">Values of type int, long, float, string, long[], float[] or string[].</param>
    /// <returns>Name of the output.</returns>
    public string Node(string type, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        Node(type, "", inputs, 1, attributes)[0];

    /// <summary>Adds a node of any domain with any number of outputs and returns their names.</summary>
    public string[] Node(string type, string domain, ReadOnlySpan<string> inputs, int outputCount, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        var node = new WireWriter();
        foreach (var input in inputs)
        {
            node.Text(1, input);
        }

        var outputs = new string[outputCount];
        for (var i = 0; i < outputCount; i++)
        {
            outputs[i] = Fresh(type);
            node.Text(2, outputs[i]);
        }

        node.Text(3, outputs[0]).Text(4, type);
        foreach (var (name, value) in attributes)
        {
            node.Message(5, Attribute(name, value));
        }

        if (domain.Length > 0)
        {
            node.Text(7, domain);
            _domains.Add(domain);
        }

        _nodes.Add(node);
        return outputs;
    }

    /// <summary>A name nobody uses yet in this graph, made from <paramref name="hint"/>.</summary>
    /// <remarks>It starts with a slash, so that inputs and outputs may have the names of operators and weights: a column can be called "Cast".</remarks>
    public string Fresh(string hint)
    {
        hint = "/" + hint;
        if (_usedNames.TryAdd(hint, 0))
        {
            return hint;
        }

        string name;
        do
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{hint}_{++_usedNames[hint]}");
        }
        while (!_usedNames.TryAdd(name, 0));
        return name;
    }

    /// <summary>Writes the model.</summary>
    /// <exception cref="InvalidOperationException">The graph has no output.</exception>
    public OnnxModel Build()
    {
        if (_outputs.Count == 0)
        {
            throw new InvalidOperationException($"The graph '{_name}' has no output. Call Output before Build.");
        }

        var graph = new WireWriter();
        _nodes.ForEach(node => graph.Message(1, node));
        graph.Text(2, _name);
        _weights.ForEach(weight => graph.Message(5, weight));
        _inputs.ForEach(input => graph.Message(11, Describe(input)));
        _outputs.ForEach(output => graph.Message(12, Describe(output)));

        var model = new WireWriter().Integer(1, IrVersion).Text(2, "DotRec").Message(7, graph);
        foreach (var domain in _domains)
        {
            model.Message(8, new WireWriter().Text(1, domain).Integer(2, OpsetOf(domain)));
        }

        return new OnnxModel(model.Written.ToArray(), _inputs.ToArray(), _outputs.ToArray());
    }

    private static long OpsetOf(string domain) => domain switch
    {
        "" => DefaultOpset,
        MachineLearningDomain => 4,
        _ => 1,
    };

    private string Initializer(string hint, OnnxElementType type, ReadOnlySpan<byte> raw, int count, ReadOnlySpan<long> shape)
    {
        CheckShape(hint, count, shape);
        var name = Fresh(hint);
        _weights.Add(new WireWriter().Integers(1, shape).Integer(2, (long)type).Text(8, name).Bytes(9, raw));
        return name;
    }

    private static void CheckShape(string hint, int count, ReadOnlySpan<long> shape)
    {
        long product = 1;
        foreach (var size in shape)
        {
            product *= size;
        }

        if (product != count)
        {
            throw new ArgumentException($"Weight '{hint}' has {count} values but its shape [{string.Join(", ", shape.ToArray())}] holds {product}.", nameof(shape));
        }
    }

    private static WireWriter Describe(OnnxValueInfo value)
    {
        var shape = new WireWriter();
        foreach (var axis in value.Shape)
        {
            shape.Message(1, long.TryParse(axis, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                ? new WireWriter().Integer(1, size)
                : new WireWriter().Text(2, axis));
        }

        var tensorType = new WireWriter().Integer(1, (long)value.Type).Message(2, shape);
        return new WireWriter().Text(1, value.Name).Message(2, new WireWriter().Message(1, tensorType));
    }

    private static WireWriter Attribute(string name, object value)
    {
        var attribute = new WireWriter().Text(1, name);
        switch (value)
        {
            case int number:
                return attribute.Integer(3, number).Integer(20, 2);
            case long number:
                return attribute.Integer(3, number).Integer(20, 2);
            case float number:
                return attribute.Float(2, number).Integer(20, 1);
            case string text:
                return attribute.Text(4, text).Integer(20, 3);
            case long[] numbers:
                return attribute.Integers(8, numbers).Integer(20, 7);
            case float[] numbers:
                foreach (var number in numbers)
                {
                    attribute.Float(7, number);
                }

                return attribute.Integer(20, 6);
            case string[] texts:
                foreach (var text in texts)
                {
                    attribute.Text(9, text);
                }

                return attribute.Integer(20, 8);
            default:
                throw new ArgumentException(
                    $"Attribute '{name}' has type {value.GetType().Name}; an ONNX attribute is an int, long, float, string or an array of long, float or string.", nameof(value));
        }
    }
}
