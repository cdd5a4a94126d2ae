namespace DotRec.Kernels;

/// <summary>How a product is cut. Everything here follows from the shape alone, so that the result does not depend on the thread count.</summary>
internal static unsafe class GemmBlocking
{
    /// <summary>Steps of the summed axis that are multiplied before C is touched again: a 32-column panel of B is then 48 KB, a first-level cache.</summary>
    public const int StepsPerBlock = 384;

    /// <summary>Rows of A packed at a time: 192 x 384 values are 288 KB, well inside a second-level cache.</summary>
    public const int RowsPerPart = 192;

    /// <summary>Columns of B packed at a time, when B is the longer operand.</summary>
    public const int ColumnsPerPart = 256;

    /// <summary>Values packed by one part of the shared operand: some microseconds of copying.</summary>
    public const int PackedValuesPerPart = 1 << 15;

    // A part should not be cut so fine that starting it costs more than its work.
    private const int PartsWanted = 16;

    public static int Ceiling(int length, int width) => (length + width - 1) / width;

    /// <summary>Lines each part takes: a multiple of the tile, at most <paramref name="limit"/>, fewer where the matrix would make too few parts.</summary>
    public static int LinesPerPart(int lines, int tile, int limit) =>
        Math.Min(Ceiling(limit, tile), Math.Max(1, Ceiling(lines, tile * PartsWanted))) * tile;

    /// <summary>Adds or copies the part of a whole tile that lies inside C.</summary>
    public static void AddEdge(float* edge, int edgeStride, int rows, int columns, float* c, nint ldc, bool accumulate)
    {
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                c[j] = accumulate ? c[j] + edge[j] : edge[j];
            }

            c += ldc;
            edge += edgeStride;
        }
    }
}
