using System.Globalization;

namespace DotRec.Onnx;

/// <summary>
/// An ONNX graph under construction. Layers and operations add weights and nodes and pass value names on; <see cref="Build"/> writes the model.
/// </summary>
/// <remarks>
/// Field numbers are those of onnx.proto3 (ONNX IR). Opset 21 of the default domain, 4 of ai.onnx.ml, 1 of com.microsoft.
/// A serialized model holds its weights inline, so it is limited to 2 GiB, the limit of the format; a model taken apart, with its vocabularies and large
/// tables beside the graph, is not. Not safe for use from several threads.
/// </remarks>
public sealed class OnnxGraph
{
    /// <summary>The domain of the classical machine-learning operators (LabelEncoder and others).</summary>
    public const string MachineLearningDomain = "ai.onnx.ml";

    /// <summary>The domain of ONNX Runtime's own operators (MurmurHash3 and others).</summary>
    public const string MicrosoftDomain = "com.microsoft";

    /// <summary>Bytes of the largest model: protobuf's 2 GiB, less what an array lacks of it.</summary>
    internal const long FormatLimit = 0x7FFFFFC7;

    private readonly string _name;
    private readonly long _limit;
    private readonly List<GraphNode> _nodes = [];
    private readonly List<OnnxWeight> _weights = [];
    private readonly List<OnnxValueInfo> _inputs = [];
    private readonly List<OnnxValueInfo> _outputs = [];
    private readonly Dictionary<string, int> _usedNames = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _domains = new(StringComparer.Ordinal) { "" };

    /// <summary>Starts an empty graph.</summary>
    /// <param name="name">Name of the graph, shown by viewers.</param>
    public OnnxGraph(string name)
        : this(name, FormatLimit)
    {
    }

    internal OnnxGraph(string name, long limit)
    {
        ArgumentNullException.ThrowIfNull(name);
        _name = name;
        _limit = limit;
    }

    /// <summary>Declares a graph input. A name can be declared once.</summary>
    /// <param name="name">Name of the input as callers of the model give it.</param>
    /// <param name="type">Element type.</param>
    /// <param name="shape">One entry an axis: a size ("32") or a symbol ("batch").</param>
    /// <returns>The value's name.</returns>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public string Input(string name, OnnxElementType type, params string[] shape)
    {
        Claim(name, "input");
        _inputs.Add(new OnnxValueInfo(name, type, shape));
        return name;
    }

    /// <summary>Declares a graph output: <paramref name="value"/> under the name <paramref name="name"/>.</summary>
    /// <param name="name">Name of the output as callers of the model ask for it.</param>
    /// <param name="value">The value: an input, a weight or a node's output.</param>
    /// <param name="type">Element type.</param>
    /// <param name="shape">One entry an axis: a size ("32") or a symbol ("batch").</param>
    /// <exception cref="ArgumentException">The name is empty or taken, or there is no such value.</exception>
    public void Output(string name, string value, OnnxElementType type, params string[] shape)
    {
        CheckExists(value, $"Output '{name}'");
        Claim(name, "output");
        _nodes.Add(new GraphNode([value], new WireWriter().Text(1, value).Text(2, name).Text(3, name).Text(4, "Identity")));
        _outputs.Add(new OnnxValueInfo(name, type, shape));
    }

    /// <summary>Adds constant float32 values.</summary>
    /// <param name="hint">Readable part of the value's name.</param>
    /// <param name="values">The values, row-major; copied.</param>
    /// <param name="shape">Sizes; none for a scalar.</param>
    /// <returns>The value's name.</returns>
    /// <exception cref="ArgumentException">The shape does not fit the number of values, or the values take more than 2 GiB.</exception>
    public string Weight(string hint, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) =>
        Add(OnnxWeight.Of(Fresh(hint), OnnxElementType.Float, values, shape));

    /// <summary>Adds constant float64 values.</summary>
    /// <inheritdoc cref="Weight(string, ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    public string Weight(string hint, ReadOnlySpan<double> values, params ReadOnlySpan<long> shape) =>
        Add(OnnxWeight.Of(Fresh(hint), OnnxElementType.Double, values, shape));

    /// <summary>Adds constant int64 values.</summary>
    /// <inheritdoc cref="Weight(string, ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    public string Weight(string hint, ReadOnlySpan<long> values, params ReadOnlySpan<long> shape) =>
        Add(OnnxWeight.Of(Fresh(hint), OnnxElementType.Int64, values, shape));

    /// <summary>Adds constant booleans.</summary>
    /// <inheritdoc cref="Weight(string, ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    public string Weight(string hint, ReadOnlySpan<bool> values, params ReadOnlySpan<long> shape) =>
        Add(OnnxWeight.Of(Fresh(hint), OnnxElementType.Bool, values, shape));

    /// <summary>Adds constant strings.</summary>
    /// <inheritdoc cref="Weight(string, ReadOnlySpan{float}, ReadOnlySpan{long})"/>
    public string Weight(string hint, ReadOnlySpan<string> values, params ReadOnlySpan<long> shape) => Add(OnnxWeight.Of(Fresh(hint), values, shape));

    /// <summary>Adds a node of the default domain with one output.</summary>
    /// <param name="type">Operator, for example "Gemm".</param>
    /// <param name="inputs">Value names; an empty name leaves an optional input out.</param>
    /// <param name="attributes">Values of type int, long, float, string, long[], float[] or string[].</param>
    /// <returns>Name of the output.</returns>
    /// <exception cref="ArgumentException">An input is no value of the graph, or an attribute has another type.</exception>
    public string Node(string type, ReadOnlySpan<string> inputs, params ReadOnlySpan<(string Name, object Value)> attributes) =>
        Node(type, "", inputs, 1, attributes)[0];

    /// <summary>Adds a node of any domain with any number of outputs.</summary>
    /// <param name="type">Operator, for example "LabelEncoder".</param>
    /// <param name="domain">The operator's domain; empty for the default one.</param>
    /// <param name="inputs">Value names; an empty name leaves an optional input out.</param>
    /// <param name="outputCount">Number of outputs.</param>
    /// <param name="attributes">Values of type int, long, float, string, long[], float[] or string[].</param>
    /// <returns>Names of the outputs.</returns>
    /// <exception cref="ArgumentException">An input is no value of the graph, or an attribute has another type.</exception>
    public string[] Node(string type, string domain, ReadOnlySpan<string> inputs, int outputCount, params ReadOnlySpan<(string Name, object Value)> attributes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputCount);
        var node = new WireWriter();
        foreach (var input in inputs)
        {
            if (input.Length > 0)
            {
                CheckExists(input, $"Node {type}");
            }

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
            node.Message(5, OnnxAttribute.Write(name, value));
        }

        if (domain.Length > 0)
        {
            node.Text(7, domain);
            _domains.Add(domain);
        }

        _nodes.Add(new GraphNode([.. inputs], node, ReadsRows: type == "Gather" && domain.Length == 0));
        return outputs;
    }

    /// <summary>Adds a node that turns values into row numbers: the value at position i of <paramref name="keys"/> into i + 1, all others into 0.</summary>
    /// <param name="values">Name of the values, strings.</param>
    /// <param name="keys">Different values; kept, not copied.</param>
    /// <returns>Name of the row numbers: int64, of the shape of the values.</returns>
    /// <exception cref="ArgumentException">There are no such values in the graph.</exception>
    public string Lookup(string values, string[] keys) => AddLookup(values, keys);

    /// <inheritdoc cref="Lookup(string, string[])"/>
    /// <param name="values">Name of the values, int64.</param>
    /// <param name="keys">Different values; kept, not copied.</param>
    public string Lookup(string values, long[] keys) => AddLookup(values, keys);

    private string AddLookup(string values, Array keys)
    {
        CheckExists(values, "A lookup");
        var rows = Fresh("rows");
        _domains.Add(MachineLearningDomain);
        var feature = _inputs.Any(input => input.Name == values) ? values : null;
        _nodes.Add(new GraphNode([values], Lookup: new OnnxVocabulary(feature, rows, keys)));
        return rows;
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

    /// <summary>Finishes the model. The graph may be continued and built again.</summary>
    /// <exception cref="InvalidOperationException">The graph has no output.</exception>
    public OnnxModel Build()
    {
        if (_outputs.Count == 0)
        {
            throw new InvalidOperationException($"The graph '{_name}' has no output. Call Output before Build.");
        }

        var content = new GraphContent(_name, _limit, [.. _domains], [.. _nodes], [.. _weights], [.. _inputs], [.. _outputs]);
        return new OnnxModel(content.ToBytes, content.TakeApart(), content.Inputs, content.Outputs);
    }

    private string Add(OnnxWeight weight)
    {
        _weights.Add(weight);
        return weight.Name;
    }

    private void Claim(string name, string role)
    {
        if (string.IsNullOrEmpty(name))
        {
            throw new ArgumentException($"An {role} of the graph '{_name}' has an empty name.", nameof(name));
        }

        if (!_usedNames.TryAdd(name, 0))
        {
            throw new ArgumentException($"The graph '{_name}' already has a value named '{name}'. Give the {role} a name of its own.", nameof(name));
        }
    }

    private void CheckExists(string value, string reader)
    {
        if (!_usedNames.ContainsKey(value))
        {
            throw new ArgumentException($"{reader} reads '{value}', which is no value of the graph '{_name}': declare the input or add the node first.", nameof(value));
        }
    }
}
