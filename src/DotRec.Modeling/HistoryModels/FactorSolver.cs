using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// Finds the vector w with (EᵀE + diagonal)·w = Eᵀ1, E being the vectors of what was chosen: for fewer choices than dimensions through
/// w = D⁻¹Eᵀ(I + E·D⁻¹·Eᵀ)⁻¹1, which is the same. Its memory is kept by the thread.
/// </summary>
internal sealed class FactorSolver : IDisposable
{
    [ThreadStatic]
    private static FactorSolver? t_idle;

    private readonly int _dimension;
    private readonly float[] _diagonal;
    private readonly float[] _right;
    private float[] _chosen = [];
    private float[] _scaled = [];
    private float[] _matrix = [];

    private FactorSolver(int dimension) => (_dimension, _diagonal, _right) = (dimension, new float[dimension], new float[dimension]);

    public static FactorSolver Rent(int dimension)
    {
        var solver = t_idle is { } idle && idle._dimension == dimension ? idle : new FactorSolver(dimension);
        t_idle = null;
        return solver;
    }

    /// <summary>Solves for one vector.</summary>
    /// <param name="side">The vectors that may be chosen.</param>
    /// <param name="rows">Those that are, each once.</param>
    /// <param name="strength">What holds the vector at 0.</param>
    /// <param name="vector">Receives it, [D].</param>
    public void Solve(FactorSide side, ReadOnlySpan<int> rows, double strength, Span<float> vector)
    {
        if (rows.IsEmpty)
        {
            vector.Clear();
            return;
        }

        TensorPrimitives.Add(side.Shared, (float)strength, _diagonal);
        Reserve(ref _chosen, rows.Length * _dimension);
        for (var i = 0; i < rows.Length; i++)
        {
            side.Vectors.AsSpan(rows[i] * _dimension, _dimension).CopyTo(_chosen.AsSpan(i * _dimension));
        }

        if (rows.Length < _dimension)
        {
            ByChoices(rows.Length, vector);
        }
        else
        {
            ByDimensions(rows.Length, vector);
        }
    }

    public void Dispose() => t_idle = this;

    private void ByChoices(int count, Span<float> vector)
    {
        var chosen = _chosen.AsSpan(0, count * _dimension);
        Reserve(ref _scaled, chosen.Length);
        for (var i = 0; i < count; i++)
        {
            TensorPrimitives.Divide(chosen.Slice(i * _dimension, _dimension), _diagonal, _scaled.AsSpan(i * _dimension, _dimension));
        }

        var matrix = Matrix(count);
        GemmKernels.Multiply(false, true, count, count, _dimension, chosen, _dimension, _scaled, _dimension, matrix, count);
        for (var i = 0; i < count; i++)
        {
            matrix[(i * count) + i] += 1;
        }

        Span<float> right = count <= 256 ? stackalloc float[count] : new float[count];
        right.Fill(1);
        SolveSymmetric(matrix, count, right);
        vector.Clear();
        for (var i = 0; i < count; i++)
        {
            TensorPrimitives.MultiplyAdd(_scaled.AsSpan(i * _dimension, _dimension), right[i], vector, vector);
        }
    }

    private void ByDimensions(int count, Span<float> vector)
    {
        var matrix = Matrix(_dimension);
        GemmKernels.Multiply(true, false, _dimension, _dimension, count, _chosen, _dimension, _chosen, _dimension, matrix, _dimension);
        _right.AsSpan().Clear();
        for (var i = 0; i < count; i++)
        {
            TensorPrimitives.Add(_right, _chosen.AsSpan(i * _dimension, _dimension), _right);
        }

        for (var i = 0; i < _dimension; i++)
        {
            matrix[(i * _dimension) + i] += _diagonal[i];
        }

        SolveSymmetric(matrix, _dimension, _right);
        _right.CopyTo(vector);
    }

    private Span<float> Matrix(int size)
    {
        Reserve(ref _matrix, size * size);
        return _matrix.AsSpan(0, size * size);
    }

    // Cholesky's factor row by row, and both substitutions: for some dozen equations nothing is faster.
    private static void SolveSymmetric(Span<float> matrix, int size, Span<float> right)
    {
        for (var i = 0; i < size; i++)
        {
            var row = matrix.Slice(i * size, size);
            for (var j = 0; j < i; j++)
            {
                row[j] = (row[j] - TensorPrimitives.Dot<float>(row[..j], matrix.Slice(j * size, j))) / matrix[(j * size) + j];
            }

            row[i] = MathF.Sqrt(row[i] - TensorPrimitives.SumOfSquares<float>(row[..i]));
            right[i] = (right[i] - TensorPrimitives.Dot<float>(row[..i], right[..i])) / row[i];
        }

        for (var i = size - 1; i >= 0; i--)
        {
            var row = matrix.Slice(i * size, i + 1);
            right[i] /= row[i];
            TensorPrimitives.MultiplyAdd(row[..i], -right[i], right[..i], right[..i]);
        }
    }

    private static void Reserve(ref float[] array, int length)
    {
        if (array.Length < length)
        {
            array = new float[length];
        }
    }
}
