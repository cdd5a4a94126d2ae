namespace DotRec.Kernels;

/// <summary>
/// One operand of a block of a product, as tiles of lines (rows of A or columns of B) by steps of the summed axis: where it lies in the
/// caller's memory, or packed. Lines that do not fill a last tile are packed with zeros beside them, so that every tile is whole.
/// </summary>
internal readonly unsafe struct GemmLines
{
    private readonly float* _first;
    private readonly nint _lineDistance;
    private readonly float* _last;
    private readonly int _lastLine;

    private GemmLines(float* first, nint lineDistance, nint lineStride, nint stepStride, float* last, int lastLine)
    {
        (_lineDistance, LineStride, StepStride, _lastLine) = (lineDistance, lineStride, stepStride, lastLine);
        _first = first;
        _last = last;
    }

    /// <summary>Distance between two lines of one tile, except in a last tile, whose lines are adjacent.</summary>
    public nint LineStride { get; }

    /// <summary>Distance between two steps of one tile, except in a last tile, where it is the tile's width.</summary>
    public nint StepStride { get; }

    /// <summary>Panels as <see cref="GemmPacking.Pack"/> makes them.</summary>
    public static GemmLines Packed(float* panels, int steps, int width) => new(panels, steps, 1, width, null, int.MaxValue);

    /// <summary>Lines in place. <paramref name="last"/> has room for one panel and is filled when the lines do not end with a whole tile.</summary>
    public static GemmLines InPlace(float* source, nint lineStride, nint stepStride, int lines, int steps, int width, float* last)
    {
        var lastLine = lines - (lines % width);
        if (lastLine < lines)
        {
            GemmPacking.PackPanel(source + (lastLine * lineStride), lineStride, stepStride, lines - lastLine, steps, width, last);
        }

        return new GemmLines(source, lineStride, lineStride, stepStride, last, lastLine);
    }

    /// <summary>Whether the tile from <paramref name="line"/> on is the packed last one.</summary>
    public bool IsLast(int line) => line >= _lastLine;

    /// <summary>The first value of the tile that begins with <paramref name="line"/>.</summary>
    public float* Tile(int line) => line >= _lastLine ? _last : _first + (line * _lineDistance);
}
