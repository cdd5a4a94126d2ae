using System.Numerics.Tensors;

namespace DotRec.Kernels;

/// <summary>
/// What both passes do with some rows of a group: products of the rows with keys, values or probabilities by register tiles. Columns are the group's positions;
/// a tile reads those from <see cref="Begin"/> (where the sequence of its first row starts, rounded down) to <see cref="End"/> (its last row).
/// </summary>
internal readonly unsafe ref struct AttentionTile<TKernel, TRow>
    where TKernel : struct, IGemmKernel
    where TRow : struct, ISoftmaxRowKernel
{
    private readonly AttentionHead _head;

    public AttentionTile(in AttentionHead head, int* starts, int first)
    {
        _head = head;
        First = first;
        Rows = Math.Min(AttentionHead.TileRows, head.Count - first);
        AllRows = GemmBlocking.Ceiling(Rows, TKernel.TileRows) * TKernel.TileRows;
        Begin = starts[first] - (starts[first] % ISoftmaxRowKernel.RowMultiple);
        End = first + Rows;
        PaddedEnd = GemmBlocking.Ceiling(End, ISoftmaxRowKernel.RowMultiple) * ISoftmaxRowKernel.RowMultiple;
    }

    /// <summary>The first row.</summary>
    public int First { get; }

    public int Rows { get; }

    /// <summary><see cref="Rows"/> rounded up to the rows of the register tile.</summary>
    public int AllRows { get; }

    public int Begin { get; }

    public int End { get; }

    /// <summary><see cref="End"/> rounded up to what the passes over rows of logits want.</summary>
    public int PaddedEnd { get; }

    /// <summary>Packs lines (keys or values) for <see cref="MultiplyPacked"/>: [<see cref="AttentionHead.Count"/> rounded up, d].</summary>
    public static void Pack(in AttentionHead head, float* lines, float* packed)
    {
        var width = TKernel.TileColumns;
        for (var j = 0; j < head.Count; j += width)
        {
            GemmPacking.PackPanel(lines + (j * head.InputStride), head.InputStride, 1, Math.Min(width, head.Count - j), head.Width, width, packed + ((nint)j * head.Width));
        }
    }

    /// <summary>Values that <see cref="Pack"/> writes.</summary>
    public static long PackedLength(in AttentionHead head) => (long)GemmBlocking.Ceiling(head.Count, TKernel.TileColumns) * TKernel.TileColumns * head.Width;

    /// <summary>result[row, j] = rows[row] · line j.</summary>
    public void MultiplyPacked(float* rows, float* packed, float* result)
    {
        var (width, stride) = (TKernel.TileColumns, _head.LogitStride);
        for (var j = Begin; j < End; j += width)
        {
            for (var row = 0; row < AllRows; row += TKernel.TileRows)
            {
                TKernel.Tile(
                    rows + (row * _head.PaddedWidth), _head.PaddedWidth, 1, packed + ((nint)j * _head.Width), width, _head.Width, result + (row * stride) + j,
                    stride, accumulate: false);
            }
        }
    }

    /// <summary>Leaves out the columns that a row may not see: those of other sequences and those behind it. The first value of the row is returned.</summary>
    public float* Masked(float* logits, int row, int start)
    {
        var values = new Span<float>(logits + (row * _head.LogitStride), PaddedEnd);
        values[Begin..start].Fill(float.NegativeInfinity);
        values[(First + row + 1)..].Fill(float.NegativeInfinity);
        return logits + (row * _head.LogitStride) + Begin;
    }

    /// <summary>Draws the factors of a row's weights and multiplies its values by them: those of its own sequence, the only ones that are not 0.</summary>
    public void Drop(int row, int start, float* values, float* factors)
    {
        var drawn = new Span<float>(factors, First + row + 1 - start);
        _head.DrawDropout(First + row, start, drawn);
        Multiply(row, start, values, factors);
    }

    /// <summary>Multiplies values of a row, as <see cref="Masked"/> returned them, by factors that <see cref="Drop"/> drew.</summary>
    public void Multiply(int row, int start, float* values, float* factors)
    {
        var own = new Span<float>(values + (start - Begin), First + row + 1 - start);
        TensorPrimitives.Multiply(own, new ReadOnlySpan<float>(factors, own.Length), own);
    }

    /// <summary>Zeros where a register tile reads beside the rows and columns of the tile.</summary>
    public void ClearAround(float* matrix)
    {
        for (var row = 0; row < AllRows; row++)
        {
            var values = new Span<float>(matrix + (row * _head.LogitStride), End + TKernel.TileRows);
            values[(row < Rows ? End : Begin)..].Clear();
        }
    }

    /// <summary>result[row] = Σ over j of matrix[row, j] · lines[j]: rows <see cref="AttentionHead.PaddedWidth"/> apart.</summary>
    public void MultiplyLines(float* matrix, float* lines, nint lineStride, float* result)
    {
        for (var k = 0; k < _head.PaddedWidth; k += TKernel.TileColumns)
        {
            for (var row = 0; row < AllRows; row += TKernel.TileRows)
            {
                TKernel.Tile(
                    matrix + (row * _head.LogitStride) + Begin, _head.LogitStride, 1, lines + (Begin * lineStride) + k, lineStride, End - Begin,
                    result + (row * _head.PaddedWidth) + k, _head.PaddedWidth, accumulate: false);
            }
        }
    }

    /// <summary>sums[j] += Σ over rows of matrix[row, j] · rows[row].</summary>
    public void AddTransposed(float* matrix, float* rows, float* sums)
    {
        nint width = _head.PaddedWidth;
        for (var j = Begin; j < End; j += TKernel.TileRows)
        {
            for (var k = 0; k < width; k += TKernel.TileColumns)
            {
                TKernel.Tile(matrix + j, 1, _head.LogitStride, rows + k, width, AllRows, sums + (j * width) + k, width, accumulate: true);
            }
        }
    }

    /// <summary>target[row] = factor · rows[row], without the padding.</summary>
    public void Write(float* rows, int row, float factor, float* target, nint stride) => TensorPrimitives.Multiply(
        new ReadOnlySpan<float>(rows + (row * _head.PaddedWidth), _head.Width), factor, new Span<float>(target + ((First + row) * stride), _head.Width));
}
