using System.Numerics;
using DotRec.Data;
using DotRec.Onnx;

namespace DotRec.Features;

/// <summary>Number columns as doubles: float32, float64 and int64 (to 2^53) fit exactly, so timestamps lose nothing before they are scaled.</summary>
internal static class NumberColumns
{
    /// <summary>Applies a function to every number of a column.</summary>
    public static TResult[] Map<TResult>(this Column column, Func<double, TResult> map) => column switch
    {
        Column<long> integers => Map(integers.Values, map),
        Column<float> numbers => Map(numbers.Values, map),
        _ => Map(((Column<double>)column).Values, map),
    };

    /// <summary>A raw number column of the graph as float64 of shape [batch].</summary>
    public static string Doubles(this OnnxInputs inputs, ColumnSchema schema) => schema.Type == ColumnType.Float64
        ? inputs.Column(schema).Values
        : inputs.Graph.Node("Cast", [inputs.Column(schema).Values], ("to", (int)OnnxElementType.Double));

    private static TResult[] Map<T, TResult>(ReadOnlySpan<T> values, Func<double, TResult> map)
        where T : INumberBase<T>
    {
        var results = new TResult[values.Length];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = map(double.CreateTruncating(values[i]));
        }

        return results;
    }
}
