using DotRec.Indexing;
using DotRec.Onnx;

namespace DotRec.Serving;

/// <summary>
/// A model ready to run: the dense part as an ONNX graph, and beside it the vocabularies and tables, in memory or in mapped files, that grow with the number
/// of users and items. A model that came in one piece has none of these.
/// </summary>
/// <param name="Graph">The graph, a ModelProto.</param>
/// <param name="Inputs">Inputs of the whole model: raw features and the lengths of lists.</param>
/// <param name="Outputs">Outputs of the whole model.</param>
/// <param name="Kept">Names of those inputs that the graph has as well.</param>
/// <param name="Vocabularies">What turns features into row numbers before the graph.</param>
/// <param name="Tables">What the graph reads rows of.</param>
internal sealed record ModelParts(
    ReadOnlyMemory<byte> Graph,
    IReadOnlyList<OnnxValueInfo> Inputs,
    IReadOnlyList<OnnxValueInfo> Outputs,
    IReadOnlyList<string> Kept,
    IReadOnlyList<ModelVocabulary> Vocabularies,
    IReadOnlyList<ModelTable> Tables)
{
    public static ModelParts Of(OnnxModel model) => model.Parts is { } parts
        ? new ModelParts(
            parts.Graph,
            model.Inputs,
            model.Outputs,
            [.. parts.Inputs.Select(input => input.Name)],
            [.. parts.Vocabularies.Select(vocabulary => new ModelVocabulary(vocabulary.Feature!, vocabulary.Rows, vocabulary.Keys is string[] texts ? ItemIds.From(texts) : ItemIds.From((long[])vocabulary.Keys)))],
            [.. parts.Tables.Select(table => new ModelTable(table.Name, table.RowCount, table.Width, table.Values, default))])
        : new ModelParts(model.Bytes, model.Inputs, model.Outputs, [.. model.Inputs.Select(input => input.Name)], [], []);
}

/// <summary>Values that are looked up before the graph: the id of row i has the row number i + 1, all others have 0.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="Input">The graph's input of row numbers.</param>
/// <param name="Ids">The values.</param>
internal sealed record ModelVocabulary(string Feature, string Input, ItemIds Ids);

/// <summary>A table beside the graph.</summary>
/// <param name="Input">The graph's input.</param>
/// <param name="RowCount">Rows.</param>
/// <param name="Width">Numbers a row.</param>
/// <param name="Values">The numbers, when they are in memory.</param>
/// <param name="Mapped">The numbers, when they are in a mapped file.</param>
internal sealed record ModelTable(string Input, long RowCount, long Width, ReadOnlyMemory<float> Values, Section<float> Mapped)
{
    public bool IsMapped => Mapped.Length > 0;
}
