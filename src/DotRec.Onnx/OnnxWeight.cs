using System.Runtime.InteropServices;

namespace DotRec.Onnx;

/// <summary>A constant of a graph, written as TensorProto when it is asked for.</summary>
internal sealed class OnnxWeight
{
    private readonly Lazy<WireWriter> _tensor;

    private OnnxWeight(string name, string shape, long byteLength, Func<WireWriter> tensor, OnnxTable? table = null)
    {
        (Name, Shape, ByteLength, Table) = (name, shape, byteLength, table);
        _tensor = new Lazy<WireWriter>(tensor);
    }

    public string Name { get; }

    public string Shape { get; }

    public long ByteLength { get; }

    public WireWriter Tensor => _tensor.Value;

    /// <summary>The weight as a table; null for one that is no matrix of floats.</summary>
    public OnnxTable? Table { get; }

    public static OnnxWeight Of<T>(string name, OnnxElementType type, ReadOnlySpan<T> values, ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("ONNX stores weights in little-endian order, which this machine does not use.");
        }

        var text = Check(name, values.Length, shape);
        var bytes = (long)values.Length * Marshal.SizeOf<T>();
        var (copy, sizes) = (values.ToArray(), shape.ToArray());
        var table = copy is float[] floats && sizes.Length == 2 ? new OnnxTable(name, floats, sizes[0], sizes[1]) : null;
        return new OnnxWeight(name, text, bytes, () => bytes <= OnnxGraph.FormatLimit
            ? new WireWriter().Integers(1, sizes).Integer(2, (long)type).Text(8, name).Bytes(9, MemoryMarshal.AsBytes(copy.AsSpan()).ToArray())
            : throw new InvalidOperationException(
                $"Weight '{name}' {text} takes {bytes} bytes, but a serialized ONNX model holds at most {OnnxGraph.FormatLimit} (2 GiB). A bundle, which keeps tables beside the graph, holds it."), table);
    }

    public static OnnxWeight Of(string name, ReadOnlySpan<string> values, ReadOnlySpan<long> shape)
    {
        var text = Check(name, values.Length, shape);
        var tensor = new WireWriter().Integers(1, shape).Integer(2, (long)OnnxElementType.String);
        foreach (var value in values)
        {
            tensor.Text(6, value);
        }

        tensor.Text(8, name);
        return new OnnxWeight(name, text, tensor.Length, () => tensor);
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
