using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// The lower triangular L with A = L·Lᵀ of a symmetric positive definite matrix, and solutions of A·X = B by it. Blocked: all but the diagonal blocks are
/// matrix products in float32, at their speed; diagonal blocks, where digits are lost, are done in double precision.
/// </summary>
/// <remarks>Takes n³/3 multiplications and additions; a solution of n right sides n³ more. The same bits at any number of threads.</remarks>
internal sealed class CholeskyFactor
{
    private const int BlockSize = 256;

    // Rows of a product that stay in the caches with a block.
    private const int ColumnRange = 1024;

    private readonly float[] _matrix;
    private readonly int _size;
    private readonly float[][] _inverses;

    private CholeskyFactor(float[] matrix, int size)
    {
        (_matrix, _size) = (matrix, size);
        _inverses = new float[(size + BlockSize - 1) / BlockSize][];
    }

    /// <summary>Factorizes.</summary>
    /// <param name="matrix">[n, n], of which the lower half is read; taken over and overwritten.</param>
    /// <param name="size">n.</param>
    /// <param name="progress">Hears which part of the work is done.</param>
    /// <param name="cancellationToken">Heard between blocks.</param>
    /// <exception cref="ArithmeticException">The matrix is not positive definite.</exception>
    public static CholeskyFactor Of(float[] matrix, int size, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var factor = new CholeskyFactor(matrix, size);
        var below = new float[Math.Max(0, size - BlockSize) * (long)Math.Min(BlockSize, size)];
        for (var first = 0; first < size; first += BlockSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            factor.FactorizeDiagonal(first);
            factor.FactorizeBelow(first, below);
            progress?.Report(1 - Math.Pow(1 - Math.Min(1, (first + BlockSize) / (double)size), 3));
        }

        return factor;
    }

    /// <summary>Replaces right sides by solutions.</summary>
    /// <param name="columns">[n, width], row-major.</param>
    /// <param name="width">Right sides.</param>
    /// <param name="firstRow">Rows before this one are 0 in all right sides.</param>
    public void Solve(Span<float> columns, int width, int firstRow = 0)
    {
        var scratch = new float[BlockSize * width];
        for (var block = firstRow / BlockSize; block < _inverses.Length; block++)
        {
            var (first, rows) = Rows(block);
            var solved = scratch.AsSpan(0, rows * width);
            var own = columns.Slice(first * width, rows * width);
            GemmKernels.Multiply(false, false, rows, width, rows, _inverses[block], rows, own, width, solved, width);
            solved.CopyTo(own);
            if (first + rows < _size)
            {
                TensorPrimitives.Negate(solved, solved);
                GemmKernels.Multiply(
                    false, false, _size - first - rows, width, rows, Part(first + rows, first), _size, solved, width, columns[((first + rows) * width)..], width, accumulate: true);
            }
        }

        for (var block = _inverses.Length - 1; block >= 0; block--)
        {
            var (first, rows) = Rows(block);
            var own = columns.Slice(first * width, rows * width);
            var solved = scratch.AsSpan(0, rows * width);
            GemmKernels.Multiply(true, false, rows, width, rows, _inverses[block], rows, own, width, solved, width);
            solved.CopyTo(own);
            if (first > 0)
            {
                TensorPrimitives.Negate(solved, solved);
                GemmKernels.Multiply(true, false, first, width, rows, Part(first, 0), _size, solved, width, columns[..(first * width)], width, accumulate: true);
            }
        }
    }

    private (int First, int Rows) Rows(int block) => (block * BlockSize, Math.Min(BlockSize, _size - (block * BlockSize)));

    private Span<float> Part(int row, int column) => _matrix.AsSpan((int)(((long)row * _size) + column));

    // L of the block in double precision, and its inverse, by which all below it are divided.
    private void FactorizeDiagonal(int first)
    {
        var rows = Math.Min(BlockSize, _size - first);
        var (lower, inverse) = (new double[rows * rows], new double[rows * rows]);
        for (var i = 0; i < rows; i++)
        {
            var source = Part(first + i, first);
            for (var j = 0; j <= i; j++)
            {
                var rest = source[j] - TensorPrimitives.Dot<double>(lower.AsSpan(i * rows, j), lower.AsSpan(j * rows, j));
                lower[(i * rows) + j] = i > j ? rest / lower[(j * rows) + j]
                    : rest > 0 && double.IsFinite(rest) ? Math.Sqrt(rest)
                    : throw new ArithmeticException($"The matrix is not positive definite: what is left of its diagonal at {first + i} is {rest}. Give a greater regularization.");
            }
        }

        // A row of the inverse of L: (e(i) − Σ L[i, k] · inverse[k]) / L[i, i].
        for (var i = 0; i < rows; i++)
        {
            var own = inverse.AsSpan(i * rows, rows);
            for (var k = 0; k < i; k++)
            {
                TensorPrimitives.MultiplyAdd(inverse.AsSpan(k * rows, k + 1), -lower[(i * rows) + k], own[..(k + 1)], own[..(k + 1)]);
            }

            own[i] = 1;
            TensorPrimitives.Divide(own[..(i + 1)], lower[(i * rows) + i], own[..(i + 1)]);
        }

        _inverses[first / BlockSize] = Array.ConvertAll(inverse, value => (float)value);
        for (var i = 0; i < rows; i++)
        {
            var target = Part(first + i, first);
            for (var j = 0; j <= i; j++)
            {
                target[j] = (float)lower[(i * rows) + j];
            }
        }
    }

    // L below the block, A·L⁻ᵀ, and what it takes off the rest of the matrix.
    private void FactorizeBelow(int first, float[] below)
    {
        var next = first + BlockSize;
        var rows = _size - next;
        if (rows <= 0)
        {
            return;
        }

        var product = below.AsSpan(0, rows * BlockSize);
        GemmKernels.Multiply(false, true, rows, BlockSize, BlockSize, Part(next, first), _size, _inverses[first / BlockSize], BlockSize, product, BlockSize);
        for (var i = 0; i < rows; i++)
        {
            product.Slice(i * BlockSize, BlockSize).CopyTo(Part(next + i, first));
        }

        TensorPrimitives.Negate(product, product);
        for (var column = 0; column < rows; column += ColumnRange)
        {
            // The lower half only: from the diagonal on.
            GemmKernels.Multiply(
                false, true, rows - column, Math.Min(ColumnRange, rows - column), BlockSize, product[(column * BlockSize)..], BlockSize, Part(next + column, first), _size,
                Part(next + column, next + column), _size, accumulate: true);
        }
    }
}
