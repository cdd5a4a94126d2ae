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
    /// <param name="codes">A number a batch row, equal where the items are; from 0.</param>
    /// <param name="scratch">One entry a possible code, all 0; all 0 again afterwards. A table instead of a dictionary: no hashing, no garbage.</param>
    public static UniqueCandidates Of(ReadOnlySpan<int> codes, Span<int> scratch)
    {
        var firstRows = new List<int>();
        var counts = new List<int>();
        var positives = new int[codes.Length];
        for (var row = 0; row < codes.Length; row++)
        {
            ref var numberPlusOne = ref scratch[codes[row]];
            if (numberPlusOne == 0)
            {
                firstRows.Add(row);
                counts.Add(0);
                numberPlusOne = firstRows.Count;
            }

            positives[row] = numberPlusOne - 1;
            counts[positives[row]]++;
        }

        foreach (var row in firstRows)
        {
            scratch[codes[row]] = 0;
        }

        return new UniqueCandidates([.. firstRows], positives, [.. counts]);
    }
}
