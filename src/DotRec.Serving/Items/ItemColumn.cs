namespace DotRec.Serving;

/// <summary>A fact about every item that recommendations show: a title, a year, a price. One value a row of the index.</summary>
public sealed class ItemColumn
{
    private ItemColumn(string name, Array values)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(values);
        Name = name;
        Values = values;
    }

    /// <summary>Column name.</summary>
    public string Name { get; }

    /// <summary>Number of rows.</summary>
    public int Count => Values.Length;

    /// <summary>The value of a row: a string or null, or a boxed number.</summary>
    public object? this[int row] => Values is string?[] texts ? texts[row] : Values.GetValue(row);

    internal Array Values { get; }

    /// <summary>A column of text; null where there is none. The array is kept, not copied.</summary>
    public static ItemColumn From(string name, string?[] values) => new(name, values);

    /// <summary>A column of integers. The array is kept, not copied.</summary>
    public static ItemColumn From(string name, long[] values) => new(name, values);

    /// <summary>A column of doubles. The array is kept, not copied.</summary>
    public static ItemColumn From(string name, double[] values) => new(name, values);

    /// <summary>A column of floats. The array is kept, not copied.</summary>
    public static ItemColumn From(string name, float[] values) => new(name, values);

    internal static ItemColumn Of(string name, Array values) => new(name, values);
}
