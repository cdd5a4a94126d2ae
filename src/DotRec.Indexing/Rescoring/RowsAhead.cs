using System.Runtime.CompilerServices;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Rows that lie anywhere, read one after another: each is asked of memory some rows before it is read.</summary>
internal readonly unsafe ref struct RowsAhead
{
    private readonly byte* _first;
    private readonly int _rowBytes;
    private readonly int _distance;
    private readonly ReadOnlySpan<int> _positions;

    /// <summary>Asks for the first rows.</summary>
    /// <param name="first">The row at position 0.</param>
    /// <param name="rowBytes">Bytes of a row.</param>
    /// <param name="distance">How many rows ahead memory is asked.</param>
    /// <param name="positions">Positions, each of which is one, in the order in which they are read.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RowsAhead(byte* first, int rowBytes, int distance, ReadOnlySpan<int> positions)
    {
        _first = first;
        _rowBytes = rowBytes;
        _distance = distance;
        _positions = positions;
        for (var i = 0; i < Math.Min(distance, positions.Length); i++)
        {
            RowPrefetch.Row(first + ((long)positions[i] * rowBytes), rowBytes);
        }
    }

    /// <summary>The row of number <paramref name="i"/>; asks for a later one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Read(int i)
    {
        if (i + _distance < _positions.Length)
        {
            RowPrefetch.Row(_first + ((long)_positions[i + _distance] * _rowBytes), _rowBytes);
        }

        return _first + ((long)_positions[i] * _rowBytes);
    }
}
