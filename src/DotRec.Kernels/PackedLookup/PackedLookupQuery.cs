namespace DotRec.Kernels;

/// <summary>What a scan looks for, and where it writes what it finds.</summary>
internal unsafe struct PackedLookupQuery
{
    /// <summary>[rows, 16]: what each code adds, 0 … 63.</summary>
    public byte* Tables;

    /// <summary>Positions and values are written 32 at a time: beyond what can be found there must be room for as many.</summary>
    public const int Slack = 32;

    /// <summary>[count + 32], written: positions of the items found, ascending.</summary>
    public ushort* Positions;

    /// <summary>[count + 32], written: their values.</summary>
    public short* Values;

    /// <summary>Subtracted from the sum of an item's table entries.</summary>
    public int Offset;

    /// <summary>Bits the difference is shifted left by. No possible sum may leave 16 bits thereby.</summary>
    public int Shift;

    /// <summary>Only items with a greater value are found.</summary>
    public int Threshold;

    /// <summary>Written: how many items were found.</summary>
    public int Found;
}
