using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace DotRec.Indexing;

/// <summary>Reads the header of a .npy file: signature, version, length, and a Python dictionary that describes the array.</summary>
internal static partial class NumpyLayout
{
    private const int MaxHeaderBytes = 1 << 16;

    private static ReadOnlySpan<byte> Signature => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>
    /// Where the values are, for a little-endian array of two axes in C order, of float16, float32 or float64; anything else is refused by name.
    /// </summary>
    public static EmbeddingFile.Layout Read(string path, Section<byte> bytes)
    {
        var head = bytes.Span(0, (int)Math.Min(bytes.Length, MaxHeaderBytes));
        if (head.Length < 12 || !head.StartsWith(Signature))
        {
            throw new ArtifactFormatException(path, 0, "this is no .npy file: it does not begin with NumPy's signature.");
        }

        // Version 1 has 16 bits for the length of the header, later ones 32.
        var start = head[6] == 1 ? 10 : 12;
        var length = head[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(head[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(head[8..]);
        if (length > head.Length - start)
        {
            throw new ArtifactFormatException(path, 8, $"the header claims {length} bytes, which the file does not hold. It is truncated, or no .npy file.");
        }

        var header = Encoding.Latin1.GetString(head.Slice(start, (int)length));
        var type = Type().Match(header).Groups["type"].Value;
        var valueBytes = type switch
        {
            "<f2" => sizeof(short),
            "<f4" => sizeof(float),
            "<f8" => sizeof(double),
            ">f2" or ">f4" or ">f8" => throw new ArtifactFormatException(
                path, start, $"the values are big-endian ('{type}'); expected little-endian ones. Save with array.astype('<f4')."),
            _ => throw new ArtifactFormatException(
                path, start, $"the values are of type '{type}'; expected '<f2', '<f4' or '<f8'. Save with array.astype('<f4')."),
        };

        if (Order().Match(header).Groups["order"].Value is not "False")
        {
            throw new ArtifactFormatException(path, start, "the array is in Fortran order; rows must be contiguous. Save with numpy.ascontiguousarray(array).");
        }

        var shape = Shape().Match(header);
        if (!shape.Success
            || !long.TryParse(shape.Groups["rows"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var rows)
            || !int.TryParse(shape.Groups["columns"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var columns)
            || rows > int.MaxValue || columns is < 1 or > EmbeddingPanels.MaxDimension)
        {
            throw new ArtifactFormatException(
                path, start, $"the header is \"{header.Trim()}\"; expected a shape of two axes (rows, 1 to {EmbeddingPanels.MaxDimension} columns).");
        }

        return EmbeddingFile.Layout.Dense(start + length, rows, columns, valueBytes);
    }

    [GeneratedRegex("'descr':\\s*'(?<type>[^']*)'", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Type();

    [GeneratedRegex("'fortran_order':\\s*(?<order>True|False)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Order();

    [GeneratedRegex(
        "'shape':\\s*\\(\\s*(?<rows>[0-9]+)\\s*,\\s*(?<columns>[0-9]+)\\s*,?\\s*\\)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shape();
}
