namespace DotRec.Indexing;

/// <summary>
/// Item embeddings to build an index from: float32 rows in memory or in a mapped file, read where they lie. A file larger than memory is fine:
/// the system reads pages as they are needed and drops them again. Rows of another width of number, or compressed ones, are brought into memory.
/// </summary>
/// <remarks>Safe to read from any number of threads. The values may not change while an index is built from them.</remarks>
public sealed unsafe class EmbeddingSource : IDisposable
{
    // Rows start a fixed number of values apart: a dense matrix has stride D, .fvecs D + 1.
    private readonly IndexMemory? _memory;
    private readonly float* _start;
    private readonly long _stride;

    /// <summary>Rows in memory that is owned from now on, or (null) that the caller keeps valid.</summary>
    internal EmbeddingSource(IndexMemory? memory, float* start, int count, int dimension, long stride)
    {
        _memory = memory;
        _start = start;
        _stride = stride;
        Count = count;
        Dimension = dimension;
    }

    /// <summary>Number of rows, N.</summary>
    public int Count { get; }

    /// <summary>Width of a row, D.</summary>
    public int Dimension { get; }

    /// <summary>Rows in memory, not copied.</summary>
    /// <param name="rows">Shape [N, D], row-major.</param>
    /// <param name="dimension">D, 1 to 1,048,576.</param>
    /// <exception cref="ArgumentException">The values are no whole number of rows.</exception>
    public static EmbeddingSource From(ReadOnlyMemory<float> rows, int dimension)
    {
        EmbeddingPanels.Check(dimension, ScoreFunction.Dot);
        if (rows.Length % dimension != 0)
        {
            throw new ArgumentException($"There are {rows.Length} values, which is no whole number of rows of {dimension}.", nameof(rows));
        }

        if (rows.IsEmpty)
        {
            return new EmbeddingSource(null, null, 0, dimension, dimension);
        }

        var memory = new PinnedMemory(rows);
        return new EmbeddingSource(memory, (float*)memory.DangerousGetHandle(), rows.Length / dimension, dimension, dimension);
    }

    /// <summary>
    /// Rows of a file: .npy (little-endian, C order, two axes) or .fvecs, by its extension. float32 is mapped; .npy files of float16 (exact in
    /// float32) and float64 (rounded) are converted into memory once, and a file compressed with gzip (.npy.gz, .fvecs.gz) is decompressed into memory.
    /// </summary>
    /// <exception cref="ArgumentException">The extension is neither.</exception>
    /// <exception cref="ArtifactFormatException">
    /// The file is not what its extension says, or is cut short; or a float64 is too great for float32: the message names its row and column.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static EmbeddingSource Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Path.GetExtension(EmbeddingFile.IsCompressed(path) ? path[..^3] : path).ToUpperInvariant() switch
        {
            ".NPY" => EmbeddingFile.OpenNumpy(path),
            ".FVECS" => EmbeddingFile.OpenFvecs(path),
            _ => throw new ArgumentException(
                $"{path} is neither .npy nor .fvecs (nor one of them with .gz). For bare float32 values use OpenRaw and give the dimension.", nameof(path)),
        };
    }

    /// <summary>Rows of a file that holds nothing but little-endian float32 values, mapped.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dimension">D, 1 to 1,048,576.</param>
    /// <exception cref="ArtifactFormatException">The file is no whole number of rows.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static EmbeddingSource OpenRaw(string path, int dimension)
    {
        ArgumentNullException.ThrowIfNull(path);
        EmbeddingPanels.Check(dimension, ScoreFunction.Dot);
        return EmbeddingFile.OpenRaw(path, dimension);
    }

    /// <summary>Copies a row to <paramref name="destination"/>, shape [D].</summary>
    /// <exception cref="ArgumentException">The destination has another width.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="ObjectDisposedException">The source was disposed.</exception>
    public void CopyRow(int row, Span<float> destination)
    {
        if (destination.Length != Dimension)
        {
            throw new ArgumentException($"The destination has {destination.Length} values; a row has {Dimension}.", nameof(destination));
        }

        using var hold = Hold();
        Row(row).CopyTo(destination);
    }

    /// <summary>Gives the file or the array back, once a build that uses it has ended.</summary>
    public void Dispose() => _memory?.Dispose();

    /// <summary>Keeps the rows valid until the result is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The source was disposed.</exception>
    internal MemoryHold Hold() => _memory is null ? default : _memory.Hold();

    /// <summary>A row, in place; the caller holds the source.</summary>
    internal ReadOnlySpan<float> Row(int row)
    {
        if ((uint)row >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(nameof(row), row, $"Row {row} was asked for, but there are {Count}: rows are 0 to {Count - 1}.");
        }

        return new ReadOnlySpan<float>(_start + (row * _stride), Dimension);
    }
}
