using DotRec.Features;

namespace DotRec.Modeling;

/// <summary>The items of the rows of a data set.</summary>
/// <param name="Codes">A number a row, equal where the item ids are.</param>
/// <param name="CodeCount">Number of different items.</param>
/// <param name="Probabilities">A row: the share of its item among the training rows.</param>
internal sealed record DataItems(int[] Codes, int CodeCount, float[] Probabilities)
{
    /// <summary>For <see cref="UniqueCandidates.Of"/>.</summary>
    public int[] Scratch { get; } = new int[CodeCount];

    /// <summary>True when rows of one item always have the same encoded features, so that one embedding stands for all of them.</summary>
    public bool Determine(EncodedColumn column)
    {
        var firstRow = new int[CodeCount];
        Array.Fill(firstRow, -1);
        for (var row = 0; row < Codes.Length; row++)
        {
            ref var first = ref firstRow[Codes[row]];
            first = first < 0 ? row : first;
            if (first != row && !AreEqual(column, first, row))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreEqual(EncodedColumn column, int x, int y)
    {
        switch (column)
        {
            case EncodedIds { IsJagged: true } ids:
                var offsets = ids.Offsets.Span;
                return ids.Values.Span[offsets[x]..offsets[x + 1]].SequenceEqual(ids.Values.Span[offsets[y]..offsets[y + 1]]);
            case EncodedIds ids:
                return ids.Values.Span[x] == ids.Values.Span[y];
            case EncodedNumbers numbers:
                var values = numbers.Values.Span;
                return values.Slice(x * numbers.Width, numbers.Width).SequenceEqual(values.Slice(y * numbers.Width, numbers.Width));
            default:
                return false;
        }
    }
}
