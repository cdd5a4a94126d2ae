namespace DotRec.Autodiff;

/// <summary>Row numbers for <see cref="Tensor.Gather"/>: one a batch row, or, jagged, a list a batch row. Immutable; the memory is kept, not copied.</summary>
public sealed class Indices
{
    /// <summary>One row number a batch row.</summary>
    public Indices(ReadOnlyMemory<int> values)
    {
        Values = values;
        RowCount = values.Length;
    }

    /// <summary>A list a batch row: row i holds <c>values[offsets[i]..offsets[i + 1]]</c>. A list may be empty.</summary>
    /// <param name="values">The lists, one after another.</param>
    /// <param name="offsets">Row count + 1 positions: first 0, last values.Length, never falling.</param>
    /// <exception cref="ArgumentException">The offsets do not describe the values.</exception>
    public Indices(ReadOnlyMemory<int> values, ReadOnlyMemory<int> offsets)
    {
        var positions = offsets.Span;
        if (positions.IsEmpty || positions[0] != 0 || positions[^1] != values.Length)
        {
            throw new ArgumentException($"Offsets must start at 0 and end at {values.Length}, the number of values.", nameof(offsets));
        }

        for (var i = 1; i < positions.Length; i++)
        {
            if (positions[i] < positions[i - 1])
            {
                throw new ArgumentException($"Offsets fall from {positions[i - 1]} to {positions[i]} at row {i - 1}; they must never fall.", nameof(offsets));
            }
        }

        Values = values;
        Offsets = offsets;
        IsJagged = true;
        RowCount = positions.Length - 1;
    }

    /// <summary>Row numbers, one list after another.</summary>
    public ReadOnlyMemory<int> Values { get; }

    /// <summary>Row boundaries when jagged, else empty.</summary>
    public ReadOnlyMemory<int> Offsets { get; }

    /// <summary>True when a batch row holds a list.</summary>
    public bool IsJagged { get; }

    /// <summary>Number of batch rows.</summary>
    public int RowCount { get; }

    internal void CheckRange(string operation, Tensor table)
    {
        var rowCount = table.Layout[0];
        var values = Values.Span;
        for (var i = 0; i < values.Length; i++)
        {
            if ((uint)values[i] >= (uint)rowCount)
            {
                throw new ArgumentOutOfRangeException(
                    paramName: null, $"{operation}: index {values[i]} at position {i} is outside {table}, whose rows are 0 to {rowCount - 1}.");
            }
        }
    }
}
