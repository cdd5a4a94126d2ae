namespace DotRec.Features;

/// <summary>A row of <see cref="PiecewiseLinear"/> from its bin, −1 for a missing number, and how far across the bin the number lies.</summary>
internal sealed class PieceRow(int bins, bool marksMissing) : IRowExpansion
{
    public int ShortWidth => 2;

    public int Width => (2 * bins) + (marksMissing ? 1 : 0);

    public void Expand(ReadOnlySpan<float> shortRow, Span<float> row)
    {
        var bin = (int)shortRow[0];
        if (bin < 0)
        {
            row[^1] = 1;
            return;
        }

        row[..bin].Fill(1);
        row[bin] = shortRow[1];
        row[bins + bin] = 1;
    }
}
