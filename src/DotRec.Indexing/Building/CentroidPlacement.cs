using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Places each centroid where it loses least of the scores of its partition (anisotropic vector quantization, Guo et al. 2020): it minimises
/// Σ |xᵢ|^(η−1) · (|xᵢ − c|² + (η − 1)·⟨x̂ᵢ, xᵢ − c⟩²), so errors along an item cost η times those across it, and long items count more.
/// </summary>
/// <remarks>
/// The minimum solves (Σ wᵢ(I + (η − 1)·x̂ᵢx̂ᵢᵀ))·c = η·Σ wᵢxᵢ. That matrix's eigenvalues lie between Σwᵢ and η·Σwᵢ, so conjugate gradients
/// from the mean divide the error by (√η + 1)/(√η − 1) a step (3 for η = 4) at 4·n·D operations, where forming the matrix takes n·D².
/// η = 1 gives the means. Rows of zeros have no direction and are left out.
/// </remarks>
internal sealed class CentroidPlacement
{
    private const int MostSteps = 64;
    private const double Tolerance = 1e-6;

    // Values gathered for one partition; a larger one is placed by rows a fixed distance apart.
    private const int GatheredValueLimit = 1 << 22;

    private readonly float _eta;
    private readonly float[] _block;
    private readonly int _rows;
    private readonly int _dimension;
    private float _weightSum;

    // The unit in which centroids are solved for: with it, products of sums stay within float32.
    private double _longest;

    // The block is rented: partitions are placed one after another, and together they are as large as the corpus.
    private CentroidPlacement(float[] block, int rows, int dimension, float eta)
    {
        _eta = eta;
        _block = block;
        _rows = rows;
        _dimension = dimension;
    }

    private Span<float> Directions => _block.AsSpan(0, _rows * _dimension);

    private Span<float> Weights => _block.AsSpan(_rows * _dimension, _rows);

    private Span<float> Products => _block.AsSpan(_rows * (_dimension + 1), _rows);

    /// <summary>Centroids [P, D] for an assignment in which no partition is empty.</summary>
    public static float[] Place(CodedRows rows, PartitionMembers members, float eta, BuildReport report)
    {
        var dimension = rows.Dimension;
        var centroids = new float[members.PartitionCount * dimension];
        report.ForParts(members.PartitionCount, partition =>
            PlaceOne(rows, members[partition], eta, centroids.AsSpan(partition * dimension, dimension)));
        return centroids;
    }

    private static void PlaceOne(CodedRows rows, ReadOnlySpan<int> members, float eta, Span<float> centroid)
    {
        var limit = Math.Max(1, GatheredValueLimit / rows.Dimension);
        var step = (members.Length + limit - 1) / limit;
        var gathered = (members.Length + step - 1) / step;
        var block = ScratchPool.Rent((long)gathered * (rows.Dimension + 2));
        var placement = new CentroidPlacement(block, gathered, rows.Dimension, eta);
        placement.Gather(rows, members, step, centroid);
        if (placement._weightSum > 0 && eta > 1)
        {
            placement.Solve(centroid);
        }

        foreach (ref var value in centroid)
        {
            value = (float)(value * placement._longest);
        }

        ScratchPool.Return(block);
    }

    // Leaves the mean in the centroid, in units of the longest row.
    private void Gather(CodedRows rows, ReadOnlySpan<int> members, int step, Span<float> mean)
    {
        var sums = new double[_dimension];
        var lengths = new double[_rows];
        var directed = new bool[_rows];
        for (var i = 0; i < lengths.Length; i++)
        {
            var row = Direction(i);
            rows.CopyRow(members[i * step], row);
            for (var j = 0; j < row.Length; j++)
            {
                sums[j] += row[j];
            }

            var square = EmbeddingLength.Squared(row);
            lengths[i] = Math.Sqrt(square);
            var inverse = EmbeddingLength.Inverse(square);
            directed[i] = inverse > 0;
            TensorPrimitives.Multiply(row, (float)inverse, row);
        }

        _longest = lengths.Max();
        if (_longest == 0)
        {
            return;
        }

        for (var j = 0; j < mean.Length; j++)
        {
            mean[j] = (float)(sums[j] / lengths.Length / _longest);
        }

        var weights = Weights;
        var products = Products;
        for (var i = 0; i < lengths.Length; i++)
        {
            var length = lengths[i] / _longest;
            weights[i] = directed[i] ? (float)Math.Pow(length, _eta - 1) : 0;
            products[i] = (float)(_eta * weights[i] * length);
        }

        _weightSum = TensorPrimitives.Sum<float>(weights);
    }

    // Conjugate gradients for the step from the mean to the minimum.
    private void Solve(Span<float> centroid)
    {
        var residual = new float[_dimension];
        var image = new float[_dimension];
        var products = Products;
        for (var i = 0; i < products.Length; i++)
        {
            AxpyKernels.Axpy(products[i], Direction(i), residual);
        }

        var target = Math.Sqrt(EmbeddingLength.Squared(residual)) * Tolerance;
        Apply(centroid, image);
        TensorPrimitives.Subtract<float>(residual, image, residual);
        var direction = residual.ToArray();
        var square = EmbeddingLength.Squared(residual);
        for (var step = 0; step < MostSteps && Math.Sqrt(square) > target; step++)
        {
            Apply(direction, image);
            var curvature = TensorPrimitives.Dot<float>(direction, image);
            if (!float.IsNormal(curvature))
            {
                // What is left of the step is below what float32 holds.
                break;
            }

            var length = (float)(square / curvature);
            AxpyKernels.Axpy(length, direction, centroid);
            AxpyKernels.Axpy(-length, image, residual);
            var next = EmbeddingLength.Squared(residual);
            TensorPrimitives.MultiplyAdd<float>(direction, (float)(next / square), residual, direction);
            square = next;
        }
    }

    // image = (Σ w)·v + (η − 1)·Σ wᵢ⟨x̂ᵢ, v⟩x̂ᵢ
    private void Apply(ReadOnlySpan<float> v, Span<float> image)
    {
        TensorPrimitives.Multiply(v, _weightSum, image);
        var weights = Weights;
        var products = Products;
        DotKernels.DotMany(v, Directions, products);
        for (var i = 0; i < products.Length; i++)
        {
            AxpyKernels.Axpy((_eta - 1) * weights[i] * products[i], Direction(i), image);
        }
    }

    private Span<float> Direction(int row) => _block.AsSpan(row * _dimension, _dimension);
}
