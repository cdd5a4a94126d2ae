using DotRec.Data;
using DotRec.Onnx;

namespace DotRec.Features;

/// <summary>The raw feature columns as inputs of an ONNX graph, each declared when first asked for.</summary>
/// <remarks>
/// A plain column is an input of shape [batch] under its own name. A jagged column is two inputs: <c>name</c> of shape
/// [batch, name_count], rows padded on the right with anything, and <c>name_length</c> of shape [batch], int64, the true lengths.
/// </remarks>
public sealed class OnnxInputs(OnnxGraph graph)
{
    /// <summary>Suffix of the input that carries the row lengths of a jagged column.</summary>
    public const string LengthSuffix = "_length";

    private readonly Dictionary<string, (ColumnSchema Schema, OnnxColumn Column)> _declared = new(StringComparer.Ordinal);

    /// <summary>The graph the inputs belong to.</summary>
    public OnnxGraph Graph => graph;

    /// <summary>The input for a column; declares it on first use.</summary>
    /// <exception cref="InvalidOperationException">The column was declared before with another type.</exception>
    public OnnxColumn Column(ColumnSchema schema)
    {
        if (_declared.TryGetValue(schema.Name, out var known))
        {
            return known.Schema == schema ? known.Column : throw new InvalidOperationException(
                $"Two layers read column '{schema.Name}' with different types: {known.Schema} and {schema}. Give the column one type.");
        }

        var type = schema.Type switch
        {
            ColumnType.String => OnnxElementType.String,
            ColumnType.Int64 => OnnxElementType.Int64,
            ColumnType.Float64 => OnnxElementType.Double,
            _ => OnnxElementType.Float,
        };
        var column = schema.IsJagged
            ? new OnnxColumn(
                graph.Input(schema.Name, type, "batch", schema.Name + "_count"),
                graph.Input(schema.Name + LengthSuffix, OnnxElementType.Int64, "batch"))
            : new OnnxColumn(graph.Input(schema.Name, type, "batch"));
        _declared.Add(schema.Name, (schema, column));
        return column;
    }
}
