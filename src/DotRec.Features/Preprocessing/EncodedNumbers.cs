namespace DotRec.Features;

/// <summary>Real numbers, <see cref="Width"/> a row, row-major.</summary>
public sealed class EncodedNumbers : EncodedColumn
{
    private readonly float[] _values;
    private readonly IRowExpansion? _expansion;

    /// <summary>Numbers of shape [rows, width]. The array is kept, not copied.</summary>
    public EncodedNumbers(float[] values, int width)
        : base(values.Length / width)
    {
        _values = values;
        Width = width;
    }

    /// <summary>Rows kept short, and written out where they are read: batches read few of many.</summary>
    internal EncodedNumbers(float[] shortRows, IRowExpansion expansion)
        : base(shortRows.Length / expansion.ShortWidth)
    {
        _values = shortRows;
        _expansion = expansion;
        Width = expansion.Width;
    }

    /// <summary>Numbers a row.</summary>
    public int Width { get; }

    /// <summary>All numbers, shape [rows, width].</summary>
    public ReadOnlyMemory<float> Values => _expansion is null ? _values : Expanded(_expansion);

    private int StoredWidth => _expansion?.ShortWidth ?? Width;

    /// <inheritdoc/>
    public override EncodedColumn Select(ReadOnlySpan<int> rows)
    {
        var width = StoredWidth;
        var selected = new float[rows.Length * width];
        for (var i = 0; i < rows.Length; i++)
        {
            _values.AsSpan(rows[i] * width, width).CopyTo(selected.AsSpan(i * width));
        }

        return _expansion is null ? new EncodedNumbers(selected, Width) : new EncodedNumbers(selected, _expansion);
    }

    private float[] Expanded(IRowExpansion expansion)
    {
        var values = new float[RowCount * Width];
        for (var row = 0; row < RowCount; row++)
        {
            expansion.Expand(_values.AsSpan(row * expansion.ShortWidth, expansion.ShortWidth), values.AsSpan(row * Width, Width));
        }

        return values;
    }
}
