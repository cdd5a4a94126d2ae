namespace DotRec.Kernels;

/// <summary>How a product is cut. Everything here follows from the shape alone, so that the result does not depend on the thread count.</summary>
internal static unsafe class GemmBlocking
{
    /// <summary>
    /// Most steps of the summed axis that are multiplied before C is touched again. A panel of B is then 32 KB (16 columns) or 64 KB (32
    /// columns) and streams from the second-level cache where the first is smaller; 256 and 384 steps were slower by 2 to 10 %, because C
    /// was touched more often.
    /// </summary>
    public const int StepsPerBlock = 512;

    /// <summary>Most rows a part multiplies with a shared B: 192 x 512 values of A are 384 KB, well inside a second-level cache.</summary>
    public const int RowsPerPart = 192;

    /// <summary>Most columns of B a part packs for itself.</summary>
    public const int ColumnsPerPart = 256;

    /// <summary>Values packed by one part of the shared operand: some microseconds of copying.</summary>
    public const int PackedValuesPerPart = 1 << 15;

    // Half a million multiply-adds take some microseconds: a part of less would not pay its start.
    private const long WorkPerPart = 1 << 19;
    private const int MostParts = 64;

    // Parts that share a packed B each stream all of it through their first-level cache: fewer parts with more rows use it more often.
    private const int MostSharingParts = 16;

    // Up to this many values a block of B is read in place as fast as packed, however many rows of A pass (benchmarks/results).
    private const long SmallB = 1 << 14;

    // Lines 2 KB apart, or a multiple of that, fall into one or two sets of a first-level cache and push each other out.
    private const int ConflictingStride = 512;

    /// <summary>Steps of each block when <paramref name="k"/> of them are cut evenly: a short last block would touch C for little work.</summary>
    public static int StepsOfBlock(int k) => Ceiling(k, Ceiling(k, StepsPerBlock));

    /// <summary>How many times <paramref name="width"/> covers <paramref name="length"/>.</summary>
    public static int Ceiling(int length, int width) => (int)(((long)length + width - 1) / width);

    /// <summary>How many parts the work of a product is worth.</summary>
    public static int PartsWanted(in GemmOperands operands, bool sharesB = false) =>
        (int)Math.Clamp((double)operands.M * operands.N * operands.K / WorkPerPart, 1, sharesB ? MostSharingParts : MostParts);

    /// <summary>Lines each part takes: a multiple of the tile, at most <paramref name="limit"/>.</summary>
    public static int LinesPerPart(int lines, int tile, int parts, int limit) =>
        Math.Min(Ceiling(Ceiling(lines, tile), parts), Math.Max(1, limit / tile)) * tile;

    /// <summary>Whether packing B pays: its columns are not adjacent, or it is large and used by many rows.</summary>
    public static bool PacksB(in GemmOperands operands, int tileRows, int tileColumns)
    {
        if (operands.BColumn != 1)
        {
            return true;
        }

        if (operands.M < 3 * tileRows)
        {
            return false;
        }

        var large = (long)Math.Min(operands.K, StepsPerBlock) * operands.N > SmallB && operands.N > 2 * tileColumns;
        return large || (operands.K > StepsPerBlock / 4 && Conflicts(operands.BStep));
    }

    /// <summary>Whether lines at this distance get into each other's way in the cache.</summary>
    public static bool Conflicts(nint stride) => stride != 0 && stride % ConflictingStride == 0;

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
