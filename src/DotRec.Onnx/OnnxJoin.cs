using System.Runtime.InteropServices;

namespace DotRec.Onnx;

/// <summary>Puts a model that was taken apart together again: vocabularies become nodes of the graph, tables its weights, raw features its inputs.</summary>
internal static class OnnxJoin
{
    // Field numbers of onnx.proto3.
    private const int ModelGraph = 7;
    private const int GraphNodes = 1;
    private const int GraphWeights = 5;
    private const int GraphInputs = 11;

    /// <param name="graph">The dense part, a ModelProto that <see cref="OnnxGraph"/> wrote.</param>
    /// <param name="inputs">Inputs of the whole model.</param>
    /// <param name="vocabularies">What gives the dense part row numbers.</param>
    /// <param name="tables">What the dense part gathers rows of.</param>
    /// <returns>The whole model, a ModelProto.</returns>
    /// <exception cref="InvalidDataException">The dense part is no ModelProto.</exception>
    /// <exception cref="InvalidOperationException">The whole model is larger than 2 GiB, which is all that the format holds.</exception>
    public static ReadOnlyMemory<byte> Join(
        ReadOnlyMemory<byte> graph, IReadOnlyList<OnnxValueInfo> inputs, IReadOnlyList<OnnxVocabulary> vocabularies, IReadOnlyList<OnnxTable> tables)
    {
        var model = new WireWriter();
        foreach (var field in WireReader.Fields(graph))
        {
            if (field.Number == ModelGraph)
            {
                model.Message(ModelGraph, JoinGraph(field.Content, inputs, vocabularies, tables));
            }
            else
            {
                model.Raw(field.Whole);
            }
        }

        return model.Length <= OnnxGraph.FormatLimit ? model.ToArray() : throw new InvalidOperationException(
            $"The whole model takes {model.Length} bytes, but a serialized ONNX model holds at most {OnnxGraph.FormatLimit} (2 GiB). Its largest tables are "
            + string.Join(", ", tables.OrderByDescending(table => table.RowCount * table.Width).Take(3).Select(table => $"'{table.Name}' [{table.RowCount}, {table.Width}]"))
            + ". Use it as a bundle, which keeps them beside the graph.");
    }

    private static WireWriter JoinGraph(
        ReadOnlyMemory<byte> graph, IReadOnlyList<OnnxValueInfo> inputs, IReadOnlyList<OnnxVocabulary> vocabularies, IReadOnlyList<OnnxTable> tables)
    {
        var joined = new WireWriter();
        foreach (var vocabulary in vocabularies)
        {
            joined.Message(GraphNodes, GraphContent.LabelEncoder(vocabulary, vocabulary.Feature!));
        }

        foreach (var table in tables)
        {
            joined.Message(GraphWeights, new WireWriter()
                .Integers(1, [table.RowCount, table.Width]).Integer(2, (long)OnnxElementType.Float).Text(8, table.Name).Bytes(9, MemoryMarshal.AsBytes(table.Values.Span).ToArray()));
        }

        foreach (var input in inputs)
        {
            joined.Message(GraphInputs, GraphContent.Describe(input));
        }

        foreach (var field in WireReader.Fields(graph).Where(field => field.Number != GraphInputs))
        {
            joined.Raw(field.Whole);
        }

        return joined;
    }
}
