namespace DotRec.Data;

/// <summary>One type for parts of a column that were read with types of their own.</summary>
internal static class ColumnTypes
{
    // Up to here a double holds all integers.
    private const long LargestExact = 1L << 53;

    public static bool IsExactDouble(long value) => value is >= -LargestExact and <= LargestExact;

    /// <summary>
    /// The narrowest type that keeps all values: that of all parts; float64 for numbers of different types; strings where there are some, or where integers
    /// would lose digits.
    /// </summary>
    public static ColumnType Common(IReadOnlyList<Column> parts)
    {
        var types = parts.Where(part => part.RowCount > 0).Select(part => part.Schema.Type).Distinct().ToArray();
        return types.Length == 0 ? parts[0].Schema.Type
            : types.Length == 1 ? types[0]
            : types.Contains(ColumnType.String) || parts.Any(part => part is Column<long> integers && !Array.TrueForAll(integers.Values.ToArray(), IsExactDouble)) ? ColumnType.String
            : ColumnType.Float64;
    }
}
