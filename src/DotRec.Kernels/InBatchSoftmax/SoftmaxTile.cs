using System.Numerics.Tensors;

namespace DotRec.Kernels;

/// <summary>
/// One tile of rows against all columns: logits, softmax, loss, and both gradients while the tile's values are still near the processor.
/// The probabilities are kept unnormalised, e = exp(s − max); 1/z enters with the row's factor w/(T·z).
/// </summary>
internal readonly unsafe struct SoftmaxTile<TKernel, TRow>
    where TKernel : struct, IGemmKernel
    where TRow : struct, ISoftmaxRowKernel
{
    private readonly SoftmaxOperands _operands;
    private readonly SoftmaxLayout _layout;
    private readonly float* _packedCandidates;
    private readonly float* _candidateRows;
    private readonly float* _partial;
    private readonly float* _logits;
    private readonly float* _packedQueries;
    private readonly float* _scaledQueries;
    private readonly float* _queryGradient;
    private readonly float* _factors;
    private readonly float* _maxima;
    private readonly float* _positiveFactors;

    /// <param name="operands">The batch.</param>
    /// <param name="layout">Its layout.</param>
    /// <param name="packedCandidates">Candidates packed for the logits.</param>
    /// <param name="candidateRows">Candidates row by row, <see cref="SoftmaxLayout.PaddedDimension"/> apart.</param>
    /// <param name="partial">The group's partial sum of the candidates' gradient; null when no gradient is wanted.</param>
    /// <param name="workspace">Aligned memory of <see cref="WorkspaceLength"/> values.</param>
    public SoftmaxTile(in SoftmaxOperands operands, in SoftmaxLayout layout, float* packedCandidates, float* candidateRows, float* partial, float* workspace)
    {
        (_operands, _layout) = (operands, layout);
        _packedCandidates = packedCandidates;
        _candidateRows = candidateRows;
        _partial = partial;
        _logits = workspace;
        _scaledQueries = _logits + ((nint)SoftmaxLayout.TileRows * layout.RowStride);
        _queryGradient = _scaledQueries + (SoftmaxLayout.TileRows * layout.PaddedDimension);
        _packedQueries = _queryGradient + (SoftmaxLayout.TileRows * layout.PaddedDimension);
        _factors = _packedQueries + (SoftmaxLayout.TileRows * (operands.Dimension + 1));
        _maxima = _factors + SoftmaxLayout.TileRows;
        _positiveFactors = _maxima + SoftmaxLayout.TileRows;
    }

    public static long WorkspaceLength(in SoftmaxOperands operands, in SoftmaxLayout layout) =>
        SoftmaxLayout.TileRows * ((long)layout.RowStride + (2 * layout.PaddedDimension) + operands.Dimension + 4);

    /// <summary>The loss of the rows from <paramref name="firstRow"/> on. Writes their gradients and adds to the partial, or begins it.</summary>
    public double Run(int firstRow, bool beginPartial)
    {
        var rows = Math.Min(SoftmaxLayout.TileRows, _operands.Rows - firstRow);
        PackQueries(firstRow, rows);
        Logits();
        var loss = 0.0;
        for (var row = 0; row < rows; row++)
        {
            loss += _operands.OwnPositives is null ? Normalize(row, firstRow + row) : NormalizeBesidePositive(row, firstRow + row);
        }

        if (_partial is not null)
        {
            Gradients(firstRow, rows, beginPartial);
        }

        return loss;
    }

    private void PackQueries(int firstRow, int rows)
    {
        int width = TKernel.TileRows, dimension = _operands.Dimension;
        for (var row = 0; row < SoftmaxLayout.TileRows; row += width)
        {
            var panel = _packedQueries + (row * (dimension + 1));
            GemmPacking.PackPanel(
                _operands.Queries + ((nint)(firstRow + row) * dimension), dimension, 1, Math.Clamp(rows - row, 0, width), dimension, width, panel);
            var values = new Span<float>(panel, dimension * width);
            TensorPrimitives.Multiply(values, _operands.InverseTemperature, values);
            new Span<float>(panel + (dimension * width), width).Fill(1f);
        }
    }

    private void Logits()
    {
        int width = TKernel.TileColumns, steps = _operands.Dimension + 1;
        new Span<float>(_maxima, SoftmaxLayout.TileRows).Fill(float.NegativeInfinity);
        for (var begin = 0; begin < _layout.PaddedColumns; begin += SoftmaxLayout.BlockColumns)
        {
            var columns = Math.Min(SoftmaxLayout.BlockColumns, _layout.PaddedColumns - begin);
            for (var j = begin; j < begin + columns; j += width)
            {
                for (var row = 0; row < SoftmaxLayout.TileRows; row += TKernel.TileRows)
                {
                    TKernel.Tile(
                        _packedQueries + (row * steps), 1, TKernel.TileRows, _packedCandidates + ((nint)j * steps), width, steps,
                        _logits + ((nint)row * _layout.RowStride) + j, _layout.RowStride, accumulate: false);
                }
            }

            // While the block is still in cache.
            for (var row = 0; row < SoftmaxLayout.TileRows; row++)
            {
                _maxima[row] = float.MaxNative(_maxima[row], TRow.Max(_logits + ((nint)row * _layout.RowStride) + begin, columns));
            }
        }
    }

    // Turns a row of logits into unnormalised probabilities, with the positive's "− 1", and returns the row's loss.
    private double Normalize(int row, int batchRow)
    {
        var logits = _logits + ((nint)row * _layout.RowStride);
        var positive = _operands.Positives is null ? batchRow : _operands.Positives[batchRow];
        var maximum = _maxima[row];
        var stale = false;
        if (_operands.PositiveBias is not null)
        {
            var old = logits[positive];
            logits[positive] += _operands.PositiveBias[positive] - (_operands.ColumnBias is null ? 0f : _operands.ColumnBias[positive]);
            stale = old >= maximum;
            maximum = Math.Max(maximum, logits[positive]);
        }

        if (_operands.NextEqualColumn is not null)
        {
            for (var j = _operands.NextEqualColumn[positive]; j != positive; j = _operands.NextEqualColumn[j])
            {
                stale |= logits[j] >= maximum;
                logits[j] = float.NegativeInfinity;
            }
        }

        // A maximum that is no longer there could be so large that all exponentials vanish.
        if (stale)
        {
            maximum = TRow.Max(logits, _layout.PaddedColumns);
        }

        var positiveLogit = logits[positive];
        var sum = TRow.ExpSum(logits, _layout.PaddedColumns, maximum);
        var weight = _operands.Weights is null ? 1f : _operands.Weights[batchRow];
        logits[positive] -= sum;
        _factors[row] = weight * _operands.InverseTemperature / sum;
        return weight * (Math.Log(sum) + maximum - positiveLogit);
    }

    // As Normalize, where the positive is none of the columns: its own term of the gradients is added by AddPositive.
    private double NormalizeBesidePositive(int row, int batchRow)
    {
        var logits = _logits + ((nint)row * _layout.RowStride);
        var leftOut = _operands.LeftOut is null ? -1 : _operands.LeftOut[batchRow];
        var maximum = _maxima[row];
        if (leftOut >= 0)
        {
            var isMaximum = logits[leftOut] >= maximum;
            logits[leftOut] = float.NegativeInfinity;
            maximum = isMaximum ? TRow.Max(logits, _layout.PaddedColumns) : maximum;
        }

        var positiveLogit = _operands.InverseTemperature * TensorPrimitives.Dot(Row(_operands.Queries, batchRow), Row(_operands.OwnPositives, batchRow));
        maximum = Math.Max(maximum, positiveLogit);
        var positive = MathF.Exp(positiveLogit - maximum);
        var sum = TRow.ExpSum(logits, _layout.PaddedColumns, maximum) + positive;
        var weight = _operands.Weights is null ? 1f : _operands.Weights[batchRow];
        _factors[row] = weight * _operands.InverseTemperature / sum;
        _positiveFactors[row] = _factors[row] * (positive - sum);
        return weight * (Math.Log(sum) + maximum - positiveLogit);
    }

    private void AddPositive(int row, int batchRow)
    {
        TensorPrimitives.Multiply(Row(_operands.Queries, batchRow), _positiveFactors[row], Row(_operands.PositiveGradient, batchRow));
        var gradient = Row(_operands.QueryGradient, batchRow);
        TensorPrimitives.MultiplyAdd(Row(_operands.OwnPositives, batchRow), _positiveFactors[row], gradient, gradient);
    }

    private Span<float> Row(float* matrix, int batchRow) => new(matrix + ((nint)batchRow * _operands.Dimension), _operands.Dimension);

    private void Gradients(int firstRow, int rows, bool beginPartial)
    {
        int dimension = _operands.Dimension, padded = _layout.PaddedDimension;
        for (var row = 0; row < SoftmaxLayout.TileRows; row++)
        {
            var scaled = new Span<float>(_scaledQueries + (row * padded), padded);
            scaled.Clear();
            if (row < rows)
            {
                TensorPrimitives.Multiply(new ReadOnlySpan<float>(_operands.Queries + ((nint)(firstRow + row) * dimension), dimension), _factors[row], scaled);
            }
            else
            {
                // Rows beyond B may hold anything: NaN times a zero query would still spoil the sums.
                new Span<float>(_logits + ((nint)row * _layout.RowStride), _layout.PaddedColumns).Clear();
            }
        }

        for (var begin = 0; begin < _layout.PaddedColumns; begin += SoftmaxLayout.BlockColumns)
        {
            MultiplyBlock(begin, Math.Min(begin + SoftmaxLayout.BlockColumns, _layout.PaddedColumns), beginPartial);
        }

        for (var row = 0; row < rows; row++)
        {
            TensorPrimitives.Multiply(
                new ReadOnlySpan<float>(_queryGradient + (row * padded), dimension), _factors[row],
                new Span<float>(_operands.QueryGradient + ((nint)(firstRow + row) * dimension), dimension));
            if (_operands.OwnPositives is not null)
            {
                AddPositive(row, firstRow + row);
            }
        }
    }

    // Both gradients of one block of columns: dC += eᵀ·(factor·Q) and dQ += e·C.
    private void MultiplyBlock(int begin, int end, bool beginPartial)
    {
        nint padded = _layout.PaddedDimension, stride = _layout.RowStride;
        var candidates = Math.Min(end, _operands.Columns) - begin;
        for (var k = 0; k < padded; k += TKernel.TileColumns)
        {
            for (var j = begin; j < end; j += TKernel.TileRows)
            {
                TKernel.Tile(
                    _logits + j, 1, stride, _scaledQueries + k, padded, SoftmaxLayout.TileRows, _partial + (j * padded) + k, padded, !beginPartial);
            }

            for (var row = 0; row < SoftmaxLayout.TileRows; row += TKernel.TileRows)
            {
                TKernel.Tile(
                    _logits + (row * stride) + begin, stride, 1, _candidateRows + (begin * padded) + k, padded, candidates,
                    _queryGradient + (row * padded) + k, padded, begin > 0);
            }
        }
    }
}
