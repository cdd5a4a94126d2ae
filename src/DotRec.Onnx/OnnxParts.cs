namespace DotRec.Onnx;

/// <summary>
/// A model taken apart: the dense part as a graph, and beside it what grows with the number of users and items. The graph reads row numbers where the
/// whole model reads the values of a vocabulary, and has an input for each table.
/// </summary>
/// <param name="Graph">The dense part, a ModelProto.</param>
/// <param name="Inputs">Inputs of the whole model that the dense part has as well.</param>
/// <param name="Vocabularies">Each gives the input <see cref="OnnxVocabulary.Rows"/> of the dense part.</param>
/// <param name="Tables">Each is the input of its name of the dense part.</param>
internal sealed record OnnxParts(
    ReadOnlyMemory<byte> Graph, IReadOnlyList<OnnxValueInfo> Inputs, IReadOnlyList<OnnxVocabulary> Vocabularies, IReadOnlyList<OnnxTable> Tables);
