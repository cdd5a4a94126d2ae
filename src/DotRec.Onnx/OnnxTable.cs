using System.Globalization;

namespace DotRec.Onnx;

/// <summary>A large table of which a graph reads some rows: it may stand beside the graph, which then has it for an input.</summary>
/// <param name="Name">Name of the graph input.</param>
/// <param name="Values">Shape [rows, width], row-major.</param>
/// <param name="RowCount">Rows.</param>
/// <param name="Width">Numbers a row.</param>
internal sealed record OnnxTable(string Name, ReadOnlyMemory<float> Values, long RowCount, long Width)
{
    public string[] Shape => [RowCount.ToString(CultureInfo.InvariantCulture), Width.ToString(CultureInfo.InvariantCulture)];
}
