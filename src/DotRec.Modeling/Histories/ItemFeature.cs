using System.Runtime.InteropServices;
using DotRec.Autodiff;
using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>One feature of a catalogue's items: a list of numbers of values an item.</summary>
/// <param name="name">Name of the column.</param>
/// <param name="values">Numbers of values, from 0, one item after another.</param>
/// <param name="offsets">[N + 1]: where each item's begin.</param>
internal sealed class ItemFeature(string name, int[] values, int[] offsets)
{
    public string Name => name;

    /// <summary>How many different values there are; at least 1, so that there is a table.</summary>
    public int ValueCount { get; } = Math.Max(1, values.Length == 0 ? 0 : values.Max() + 1);

    public static ItemFeature Of<T>(Column<T> column, Func<T, bool> isMissing, IEqualityComparer<T> comparer)
        where T : notnull
    {
        var numbers = new Dictionary<T, int>(comparer);
        var values = new List<int>();
        var offsets = new int[column.RowCount + 1];
        for (var row = 0; row < column.RowCount; row++)
        {
            foreach (var value in column.Row(row))
            {
                if (isMissing(value))
                {
                    continue;
                }

                if (!numbers.TryGetValue(value, out var number))
                {
                    numbers.Add(value, number = numbers.Count);
                }

                values.Add(number);
            }

            offsets[row + 1] = values.Count;
        }

        return new ItemFeature(column.Name, [.. values], offsets);
    }

    /// <summary>The values of some items, a list each.</summary>
    public Indices Of(ReadOnlySpan<int> items)
    {
        var itemOffsets = new int[items.Length + 1];
        for (var i = 0; i < items.Length; i++)
        {
            itemOffsets[i + 1] = itemOffsets[i] + offsets[items[i] + 1] - offsets[items[i]];
        }

        var itemValues = new int[itemOffsets[^1]];
        for (var i = 0; i < items.Length; i++)
        {
            values.AsSpan(offsets[items[i]]..offsets[items[i] + 1]).CopyTo(itemValues.AsSpan(itemOffsets[i]));
        }

        return new Indices(itemValues, itemOffsets);
    }

    public void Write(StateFile file)
    {
        file.Add(ValuesOf(name), MemoryMarshal.Cast<int, float>(values).ToArray());
        file.Add(OffsetsOf(name), MemoryMarshal.Cast<int, float>(offsets).ToArray());
    }

    public static ItemFeature Read(StateFile file, string name, int itemCount)
    {
        var values = MemoryMarshal.Cast<float, int>(file.Find(ValuesOf(name)) ?? []).ToArray();
        var offsets = MemoryMarshal.Cast<float, int>(file.Find(OffsetsOf(name)) ?? []).ToArray();
        if (offsets.Length != itemCount + 1 || values.Any(value => value < 0))
        {
            throw new FormatException($"feature '{name}' is not of {itemCount} items");
        }

        // Says so where offsets fall or lead outside.
        _ = new Indices(values, offsets);
        return new ItemFeature(name, values, offsets);
    }

    private static string ValuesOf(string name) => $"feature values:{name}";

    private static string OffsetsOf(string name) => $"feature offsets:{name}";
}
