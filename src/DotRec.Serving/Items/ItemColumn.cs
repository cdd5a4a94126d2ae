using System.Globalization;

namespace DotRec.Serving;

/// <summary>A fact about every item, shown with recommendations and read by a ranker: a title, a price, the genres. One value or one list a row of the index.</summary>
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

    /// <summary>True when each row holds a list of values.</summary>
    public bool IsList => Values is string[][] or long[][] or float[][];

    /// <summary>The value of a row: a string or null, or a boxed number, or an array for a list.</summary>
    public object? this[int row] => Values is object?[] values ? values[row] : Values.GetValue(row);

    /// <summary>One value a row, or one array a row.</summary>
    internal Array Values { get; }

    /// <summary>The value of a row as text: numbers in the invariant culture, a list as a|b|c.</summary>
    public string Text(int row) => Values switch
    {
        string[][] lists => string.Join('|', lists[row]),
        long[][] lists => string.Join('|', lists[row]),
        float[][] lists => string.Join('|', lists[row].Select(value => value.ToString(CultureInfo.InvariantCulture))),
        _ => Convert.ToString(this[row], CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>A column of text; null where there is none. The array is kept, not copied.</summary>
    public static ItemColumn From(string name, string?[] values) => new(name, values);

    /// <summary>A column of integers. The array is kept, not copied.</summary>
    public static ItemColumn From(string name, long[] values) => new(name, values);

    /// <summary>A column of doubles. The array is kept, not copied.</summary>
    public static ItemColumn From(string name, double[] values) => new(name, values);

    /// <summary>A column of floats. The array is kept, not copied.</summary>
    public static ItemColumn From(string name, float[] values) => new(name, values);

    /// <summary>A column of lists of texts, none of them null; a list may be empty. The arrays are kept, not copied.</summary>
    /// <exception cref="ArgumentException">A list or a text is null; the message names the row.</exception>
    public static ItemColumn From(string name, string[][] lists)
    {
        var column = OfLists(name, lists);
        var row = Array.FindIndex(lists, list => list.Contains(null));
        return row < 0 ? column : throw new ArgumentException($"Item column '{name}': a text in the list of row {row} is null. Leave it out of the list.", nameof(lists));
    }

    /// <summary>A column of lists of integers; a list may be empty. The arrays are kept, not copied.</summary>
    /// <exception cref="ArgumentException">A list is null; the message names the row.</exception>
    public static ItemColumn From(string name, long[][] lists) => OfLists(name, lists);

    /// <summary>A column of lists of floats; a list may be empty. The arrays are kept, not copied.</summary>
    /// <exception cref="ArgumentException">A list is null; the message names the row.</exception>
    public static ItemColumn From(string name, float[][] lists) => OfLists(name, lists);

    private static ItemColumn OfLists(string name, Array[] lists)
    {
        var column = new ItemColumn(name, lists);
        var row = Array.IndexOf(lists, null);
        return row < 0 ? column : throw new ArgumentException($"Item column '{name}': the list of row {row} is null. Give an empty list where there are no values.", nameof(lists));
    }

    internal static ItemColumn Of(string name, Array values) => new(name, values);
}
