using System.Numerics;
using DotRec.Data;
using DotRec.Onnx;

namespace DotRec.Features;

/// <summary>Number columns as doubles: float32 and int64 (to 2^53) both fit exactly, so timestamps lose nothing before they are scaled.</summary>
internal static class NumberColumns
{
    /// <summary>Applies a function to every number of a float32 or int64 column.</summary>
    public static TResult[] Map<TResult>(this Column column, Func<double, TResult> map) => column is Column<long> integers
        ? Map(integers.Values, map)
        : Map(((Column<float>)column).Values, map);

    /// <summary>A raw number column of the graph as float64 of shape [batch].</summary>
    public static string Doubles(this OnnxInputs inputs, ColumnSchema schema) =>
        inputs.Graph.Node("Cast", [inputs.Column(schema).Values], ("to", (int)OnnxElementType.Double));

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
