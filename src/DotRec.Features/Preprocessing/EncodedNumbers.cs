namespace DotRec.Features;

/// <summary>Real numbers, <see cref="Width"/> a row, row-major.</summary>
public sealed class EncodedNumbers : EncodedColumn
{
    private readonly float[] _values;

    /// <summary>Numbers of shape [rows, width]. The array is kept, not copied.</summary>
    public EncodedNumbers(float[] values, int width)
        : base(values.Length / width)
    {
        _values = values;
        Width = width;
    }

    /// <summary>Numbers a row.</summary>
    public int Width { get; }

    /// <summary>All numbers, shape [rows, width].</summary>
    public ReadOnlyMemory<float> Values => _values;

    /// <inheritdoc/>
    public override EncodedColumn Select(ReadOnlySpan<int> rows)
    {
        var selected = new float[rows.Length * Width];
        for (var i = 0; i < rows.Length; i++)
        {
            _values.AsSpan(rows[i] * Width, Width).CopyTo(selected.AsSpan(i * Width));
        }

        return new EncodedNumbers(selected, Width);
    }
}
