using System.Globalization;

namespace DotRec.Onnx;

/// <summary>What a graph holds when it is built: written as one model, or taken apart.</summary>
/// <param name="Name">Name of the graph.</param>
/// <param name="Limit">Bytes of the largest model.</param>
/// <param name="Domains">Domains of its operators.</param>
/// <param name="Nodes">Its nodes, in order.</param>
/// <param name="Weights">Its constants.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Outputs">Its outputs.</param>
internal sealed record GraphContent(
    string Name, long Limit, string[] Domains, GraphNode[] Nodes, OnnxWeight[] Weights, OnnxValueInfo[] Inputs, OnnxValueInfo[] Outputs)
{
    // A table from here on is kept beside the graph of a model taken apart; a smaller one is quicker read with it.
    private const int LeastTableBytes = 512;

    private const long IrVersion = 10;
    private const long DefaultOpset = 21;

    /// <summary>The model in parts: what looks raw features up and what is gathered from, beside the rest as a graph.</summary>
    public OnnxParts TakeApart()
    {
        var apart = Nodes.Where(node => node.Lookup?.Feature is not null).ToArray();
        var rest = Nodes.Except(apart).ToArray();
        var read = rest.SelectMany(node => node.Inputs).ToHashSet(StringComparer.Ordinal);
        OnnxValueInfo[] kept = [.. Inputs.Where(input => read.Contains(input.Name) || !apart.Any(node => node.Inputs[0] == input.Name))];

        // A weight that is only ever gathered from is a table: nothing in the graph wants to see all of it.
        var otherwise = rest.SelectMany(node => node.ReadsRows ? node.Inputs.Skip(1) : node.Inputs).ToHashSet(StringComparer.Ordinal);
        var tables = Weights.Where(weight => weight.Table is not null && weight.ByteLength >= LeastTableBytes && read.Contains(weight.Name) && !otherwise.Contains(weight.Name)).ToArray();
        var byName = Inputs.ToDictionary(input => input.Name, StringComparer.Ordinal);
        OnnxValueInfo[] dense =
        [
            .. kept,
            .. apart.Select(node => new OnnxValueInfo(node.Lookup!.Rows, OnnxElementType.Int64, byName[node.Lookup.Feature!].Shape)),
            .. tables.Select(weight => new OnnxValueInfo(weight.Name, OnnxElementType.Float, weight.Table!.Shape)),
        ];
        return new OnnxParts(
            (this with { Nodes = rest, Weights = [.. Weights.Except(tables)], Inputs = dense }).ToBytes(), kept, [.. apart.Select(node => node.Lookup!)], [.. tables.Select(weight => weight.Table!)]);
    }

    /// <summary>The whole model, a ModelProto.</summary>
    /// <exception cref="InvalidOperationException">It is larger than the limit.</exception>
    public ReadOnlyMemory<byte> ToBytes()
    {
        var graph = new WireWriter();
        Array.ForEach(Nodes, node => graph.Message(1, node.Proto ?? LabelEncoder(node.Lookup!, node.Inputs[0])));
        graph.Text(2, Name);
        Array.ForEach(Weights, weight => graph.Message(5, weight.Tensor));
        Array.ForEach(Inputs, input => graph.Message(11, Describe(input)));
        Array.ForEach(Outputs, output => graph.Message(12, Describe(output)));

        var model = new WireWriter().Integer(1, IrVersion).Text(2, "DotRec").Message(7, graph);
        foreach (var domain in Domains)
        {
            model.Message(8, new WireWriter().Text(1, domain).Integer(2, OpsetOf(domain)));
        }

        return model.Length <= Limit ? model.ToArray() : throw TooLarge(model.Length);
    }

    /// <summary>A lookup as a node.</summary>
    public static WireWriter LabelEncoder(OnnxVocabulary lookup, string values)
    {
        var rows = new long[lookup.Keys.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = i + 1;
        }

        return new WireWriter().Text(1, values).Text(2, lookup.Rows).Text(3, lookup.Rows).Text(4, "LabelEncoder")
            .Message(5, OnnxAttribute.Write((lookup.Keys is string[]) ? "keys_strings" : "keys_int64s", lookup.Keys))
            .Message(5, OnnxAttribute.Write("values_int64s", rows))
            .Message(5, OnnxAttribute.Write("default_int64", 0L))
            .Text(7, OnnxGraph.MachineLearningDomain);
    }

    private static long OpsetOf(string domain) => domain switch
    {
        "" => DefaultOpset,
        OnnxGraph.MachineLearningDomain => 4,
        _ => 1,
    };

    /// <summary>A value's name, type and shape as ValueInfoProto.</summary>
    public static WireWriter Describe(OnnxValueInfo value)
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

    private InvalidOperationException TooLarge(long length)
    {
        var largest = Weights.OrderByDescending(weight => weight.Tensor.Length).Take(3)
            .Select(weight => $"'{weight.Name}' {weight.Shape} with {weight.Tensor.Length} bytes");
        return new InvalidOperationException(
            $"The model '{Name}' takes {length} bytes, but an ONNX model holds at most {Limit}. Its largest weights are {string.Join(", ", largest)}. " +
            "Use smaller vocabularies or smaller embeddings.");
    }
}
