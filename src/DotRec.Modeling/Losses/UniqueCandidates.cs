using System.Runtime.InteropServices;

namespace DotRec.Modeling;

/// <summary>The different items of a batch: each is embedded and scored once, with the same loss and gradients as scoring every repeat.</summary>
internal sealed class UniqueCandidates
{
    private UniqueCandidates(int[] firstRows, int[] positives, int[] counts)
    {
        FirstRows = firstRows;
        Positives = positives;
        Counts = counts;
    }

    /// <summary>[U]: a batch row that holds the item.</summary>
    public int[] FirstRows { get; }

    /// <summary>[B]: the item of each batch row.</summary>
    public int[] Positives { get; }

    /// <summary>[U]: how many batch rows hold the item.</summary>
    public int[] Counts { get; }

    /// <summary>Finds the items, in order of first appearance.</summary>
    /// <param name="codes">A number a batch row, equal where the items are.</param>
    public static UniqueCandidates Of(ReadOnlySpan<int> codes)
    {
        var numbers = new Dictionary<int, int>(codes.Length);
        var firstRows = new List<int>();
        var counts = new List<int>();
        var positives = new int[codes.Length];
        for (var row = 0; row < codes.Length; row++)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, codes[row], out var known);
            if (!known)
            {
                number = firstRows.Count;
                firstRows.Add(row);
                counts.Add(0);
            }

            counts[number]++;
            positives[row] = number;
        }

        return new UniqueCandidates([.. firstRows], positives, [.. counts]);
    }
}
