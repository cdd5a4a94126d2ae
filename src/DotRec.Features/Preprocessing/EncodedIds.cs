namespace DotRec.Features;

/// <summary>Category numbers in 0 … <see cref="Cardinality"/> − 1: one a row, or a list a row.</summary>
public sealed class EncodedIds : EncodedColumn
{
    private readonly int[] _values;
    private readonly int[]? _offsets;

    /// <summary>One number a row. The array is kept, not copied.</summary>
    public EncodedIds(int[] values, int cardinality)
        : base(values.Length)
    {
        _values = values;
        Cardinality = cardinality;
    }

    /// <summary>A list of numbers a row: row i holds <c>values[offsets[i]..offsets[i + 1]]</c>. The arrays are kept, not copied.</summary>
    public EncodedIds(int[] values, int[] offsets, int cardinality)
        : base(offsets.Length - 1)
    {
        _values = values;
        _offsets = offsets;
        Cardinality = cardinality;
    }

    /// <summary>Number of different values possible: the rows an embedding table needs.</summary>
    public int Cardinality { get; }

    /// <summary>True when a row holds a list.</summary>
    public bool IsJagged => _offsets is not null;

    /// <summary>All numbers, row after row.</summary>
    public ReadOnlyMemory<int> Values => _values;

    /// <summary>Row boundaries when jagged (row count + 1 positions), else empty.</summary>
    public ReadOnlyMemory<int> Offsets => _offsets;

    /// <inheritdoc/>
    public override EncodedColumn Select(ReadOnlySpan<int> rows)
    {
        if (_offsets is null)
        {
            var selected = new int[rows.Length];
            for (var i = 0; i < rows.Length; i++)
            {
                selected[i] = _values[rows[i]];
            }

            return new EncodedIds(selected, Cardinality);
        }

        var offsets = new int[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++)
        {
            offsets[i + 1] = offsets[i] + _offsets[rows[i] + 1] - _offsets[rows[i]];
        }

        var values = new int[offsets[^1]];
        for (var i = 0; i < rows.Length; i++)
        {
            _values.AsSpan(_offsets[rows[i]].._offsets[rows[i] + 1]).CopyTo(values.AsSpan(offsets[i]));
        }

        return new EncodedIds(values, offsets, Cardinality);
    }
}
