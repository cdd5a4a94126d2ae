using System.Runtime.InteropServices;

namespace DotRec.Onnx;

/// <summary>A constant of a graph, written as TensorProto.</summary>
internal sealed record OnnxWeight(string Name, string Shape, WireWriter Tensor)
{
    public static OnnxWeight Of<T>(string name, OnnxElementType type, ReadOnlySpan<T> values, ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("ONNX stores weights in little-endian order, which this machine does not use.");
        }

        var text = Check(name, values.Length, shape);
        long bytes = (long)values.Length * Marshal.SizeOf<T>();
        if (bytes > OnnxGraph.FormatLimit)
        {
            throw new ArgumentException(
                $"Weight '{name}' {text} takes {bytes} bytes, but an ONNX model holds at most {OnnxGraph.FormatLimit} (2 GiB). Use fewer rows or a smaller width.", nameof(values));
        }

        var tensor = new WireWriter().Integers(1, shape).Integer(2, (long)type).Text(8, name);
        return new OnnxWeight(name, text, tensor.Bytes(9, MemoryMarshal.AsBytes(values).ToArray()));
    }

    public static OnnxWeight Of(string name, ReadOnlySpan<string> values, ReadOnlySpan<long> shape)
    {
        var text = Check(name, values.Length, shape);
        var tensor = new WireWriter().Integers(1, shape).Integer(2, (long)OnnxElementType.String);
        foreach (var value in values)
        {
            tensor.Text(6, value);
        }

        return new OnnxWeight(name, text, tensor.Text(8, name));
    }

    private static string Check(string name, int count, ReadOnlySpan<long> shape)
    {
        var text = $"[{string.Join(", ", shape.ToArray())}]";
        Int128 product = 1;
        foreach (var size in shape)
        {
            product = size < 0 ? -1 : product < 0 ? product : Int128.Min(product * size, long.MaxValue);
        }

        if (product < 0)
        {
            throw new ArgumentException($"Weight '{name}' has shape {text}; sizes are 0 or more.", nameof(shape));
        }

        return product == count ? text : throw new ArgumentException($"Weight '{name}' has {count} values but its shape {text} holds {product}.", nameof(shape));
    }
}
