using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <summary>Gradient of an embedding table: only the rows that were used, each once.</summary>
/// <remarks>
/// Rows stand in the order of their first use and repeated uses are added in the order they happened, so the same batch gives the same
/// bits. Work and memory follow the number of ids, never the table's rows, save eight bytes a row of bookkeeping.
/// </remarks>
public sealed class RowGradient
{
    private readonly int[] _slotOfRow;
    private readonly int[] _stampOfRow;
    private int _stamp = 1;
    private int[] _rows = [];
    private float[] _values = [];

    internal RowGradient(int rowCount, int width)
    {
        _slotOfRow = new int[rowCount];
        _stampOfRow = new int[rowCount];
        Width = width;
    }

    /// <summary>Values a row.</summary>
    public int Width { get; }

    /// <summary>Number of different rows.</summary>
    public int Count { get; private set; }

    /// <summary>The rows' numbers, in the order of first use.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, Count);

    /// <summary>Gradient rows, shape [<see cref="Count"/>, <see cref="Width"/>].</summary>
    public ReadOnlySpan<float> Values => _values.AsSpan(0, Count * Width);

    internal void Clear()
    {
        Count = 0;
        if (++_stamp == int.MaxValue)
        {
            _stamp = 1;
            Array.Clear(_stampOfRow);
        }
    }

    /// <summary>Adds gradients [ids.Length, width] to the rows named by <paramref name="ids"/>.</summary>
    internal void Add(ReadOnlySpan<int> ids, ReadOnlySpan<float> gradients)
    {
        for (var i = 0; i < ids.Length; i++)
        {
            var gradient = gradients.Slice(i * Width, Width);
            var row = Slot(ids[i], out var isNew);
            if (isNew)
            {
                gradient.CopyTo(row);
            }
            else
            {
                TensorPrimitives.Add(row, gradient, row);
            }
        }
    }

    /// <summary>Adds <paramref name="gradient"/> times <paramref name="factor"/> to each of the rows named by <paramref name="ids"/>.</summary>
    internal void AddToEach(ReadOnlySpan<int> ids, ReadOnlySpan<float> gradient, float factor)
    {
        foreach (var id in ids)
        {
            var row = Slot(id, out var isNew);
            if (isNew)
            {
                TensorPrimitives.Multiply(gradient, factor, row);
            }
            else
            {
                TensorPrimitives.MultiplyAdd(gradient, factor, row, row);
            }
        }
    }

    private Span<float> Slot(int row, out bool isNew)
    {
        isNew = _stampOfRow[row] != _stamp;
        if (isNew)
        {
            if (Count == _rows.Length)
            {
                var capacity = Math.Max(64, Count * 2);
                Array.Resize(ref _rows, capacity);
                Array.Resize(ref _values, capacity * Width);
            }

            _stampOfRow[row] = _stamp;
            _slotOfRow[row] = Count;
            _rows[Count++] = row;
        }

        return _values.AsSpan(_slotOfRow[row] * Width, Width);
    }
}
