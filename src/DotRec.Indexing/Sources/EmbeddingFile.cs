using System.Buffers.Binary;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Maps files of embeddings: three formats, all of them rows a fixed distance apart. What is no float32 is converted into memory.</summary>
internal static class EmbeddingFile
{
    /// <summary>Whether the name is that of a gzip file, whose content is then decompressed into memory instead of mapped.</summary>
    public static bool IsCompressed(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>NumPy's format: a header that describes one array, then its values.</summary>
    public static EmbeddingSource OpenNumpy(string path) => Open(path, NumpyLayout.Read);

    /// <summary>The format of the TEXMEX corpora: each row is its width, an int32, and then its values.</summary>
    public static EmbeddingSource OpenFvecs(string path) => Open(path, FvecsLayout);

    /// <summary>Values and nothing else.</summary>
    public static EmbeddingSource OpenRaw(string path, int dimension) =>
        Open(path, (_, bytes) => Layout.Dense(0, bytes.Length / ((long)dimension * sizeof(float)), dimension));

    private static EmbeddingSource Open(string path, Func<string, Section<byte>, Layout> describe)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException("Files of embeddings are little-endian and used as they are; this processor is big-endian.");
        }

        var bytes = Bytes(path);
        try
        {
            var layout = describe(path, bytes);
            if (layout.Rows > int.MaxValue)
            {
                throw new ArtifactFormatException(path, null, $"the file holds {layout.Rows} rows; an index holds at most {int.MaxValue}.");
            }

            if (layout.ByteLength != bytes.Length)
            {
                throw new ArtifactFormatException(
                    path,
                    null,
                    $"the file has {bytes.Length} bytes; {layout.Rows} rows of {layout.Dimension} values take {layout.ByteLength}. It is truncated, or the " +
                    "width is wrong.");
            }

            // Only now is the header known to say no more than the file holds.
            return layout.ValueBytes == sizeof(float) ? InPlace(bytes, layout) : Converted(path, bytes, layout);
        }
        catch
        {
            bytes.Memory.Dispose();
            throw;
        }
    }

    private static unsafe EmbeddingSource InPlace(Section<byte> bytes, Layout layout)
    {
        var start = layout.Rows == 0 ? null : (float*)bytes.Pointer(layout.Start, sizeof(float));
        return new EmbeddingSource(bytes.Memory, start, (int)layout.Rows, layout.Dimension, layout.Stride);
    }

    private static unsafe EmbeddingSource Converted(string path, Section<byte> bytes, Layout layout)
    {
        var values = EmbeddingConversion.ToSingle(path, bytes, layout);
        bytes.Memory.Dispose();
        return new EmbeddingSource(values.Memory, values.Pointer(0, values.Length), (int)layout.Rows, layout.Dimension, layout.Dimension);
    }

    // The content of the file: mapped, or decompressed.
    private static Section<byte> Bytes(string path)
    {
        if (IsCompressed(path))
        {
            return CompressedMemory.Read(path);
        }

        using var stream = RegularFile.Open(path);
        if (stream.Length == 0)
        {
            throw new ArtifactFormatException(path, null, "the file is empty; it does not even say how wide its rows are.");
        }

        return MappedMemory.Open(path, stream).Section<byte>(0, stream.Length);
    }

    private static Layout FvecsLayout(string path, Section<byte> bytes)
    {
        var dimension = bytes.Length < sizeof(int) ? 0 : BinaryPrimitives.ReadInt32LittleEndian(bytes.Span(0, sizeof(int)));
        if (dimension is < 1 or > EmbeddingPanels.MaxDimension)
        {
            throw new ArtifactFormatException(
                path, 0, $"the first row claims {dimension} values; expected 1 to {EmbeddingPanels.MaxDimension}. This is no .fvecs file.");
        }

        var rowBytes = (dimension + 1L) * sizeof(float);
        var rows = bytes.Length / rowBytes;
        for (var row = 1L; row < rows; row++)
        {
            var claimed = BinaryPrimitives.ReadInt32LittleEndian(bytes.Span(row * rowBytes, sizeof(int)));
            if (claimed != dimension)
            {
                throw new ArtifactFormatException(
                    path, row * rowBytes, $"row {row} claims {claimed} values and row 0 claims {dimension}; all rows must be equally wide.");
            }
        }

        return new Layout(sizeof(int), rows, dimension, dimension + 1, rows * rowBytes);
    }

    /// <summary>Where the rows of a file are.</summary>
    /// <param name="Start">Byte offset of the first value.</param>
    /// <param name="Rows">Number of rows.</param>
    /// <param name="Dimension">Values a row.</param>
    /// <param name="Stride">Values from the start of one row to the start of the next.</param>
    /// <param name="ByteLength">Length that the file must then have.</param>
    /// <param name="ValueBytes">Bytes a value: 2 (float16), 4 (float32) or 8 (float64).</param>
    internal readonly record struct Layout(long Start, long Rows, int Dimension, long Stride, long ByteLength, int ValueBytes = sizeof(float))
    {
        /// <summary>Row-major values from <paramref name="start"/> to the end.</summary>
        public static Layout Dense(long start, long rows, int dimension, int valueBytes = sizeof(float)) =>
            new(start, rows, dimension, dimension, start + (rows * dimension * valueBytes), valueBytes);
    }
}
