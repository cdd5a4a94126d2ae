namespace DotRec.Kernels;

/// <summary>How a batch is cut and padded. Everything follows from the shape and the instruction set, nothing from the thread count.</summary>
internal readonly struct SoftmaxLayout
{
    /// <summary>Rows of a tile. For 8,192 columns its logits are 768 KB, a second-level cache; a multiple of every register tile's rows.</summary>
    public const int TileRows = 24;

    /// <summary>Columns that are multiplied together: their logits and candidates stay in the second-level cache.</summary>
    public const int BlockColumns = 384;

    /// <summary>What columns are padded to: a multiple of every register tile's rows and columns.</summary>
    public const int ColumnMultiple = 96;

    // The candidates' gradient is summed in one partial for each group of tiles, and the partials are added in order. More groups allow
    // more threads and cost memory; both limits are fixed, so that the sums are the same on every machine.
    private const int MostGroups = 16;
    private const long MostPartialValues = 32L << 20;

    public SoftmaxLayout(int rows, int columns, int dimension, int tileColumns)
    {
        PaddedColumns = GemmBlocking.Ceiling(columns, ColumnMultiple) * ColumnMultiple;
        PaddedDimension = GemmBlocking.Ceiling(dimension, tileColumns) * tileColumns;

        // One cache line more than a power of two may be: else the rows of a tile would fall into the same few cache sets.
        RowStride = PaddedColumns + 16;
        Tiles = GemmBlocking.Ceiling(rows, TileRows);
        var groups = Math.Clamp(MostPartialValues / ((long)PaddedColumns * PaddedDimension), 1, MostGroups);
        TilesPerGroup = GemmBlocking.Ceiling(Tiles, (int)groups);
        Groups = GemmBlocking.Ceiling(Tiles, Math.Max(1, TilesPerGroup));
    }

    /// <summary>N rounded up to <see cref="ColumnMultiple"/>.</summary>
    public int PaddedColumns { get; }

    /// <summary>D rounded up to the register tile's columns.</summary>
    public int PaddedDimension { get; }

    /// <summary>Distance between two rows of logits.</summary>
    public int RowStride { get; }

    public int Tiles { get; }

    public int TilesPerGroup { get; }

    public int Groups { get; }

    /// <summary>Values of one group's partial sum of the candidates' gradient.</summary>
    public long PartialLength => (long)PaddedColumns * PaddedDimension;
}
