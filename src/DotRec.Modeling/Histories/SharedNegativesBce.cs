using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// Binary cross-entropy of rows, each with a positive of its own and negatives that all share, and its gradients: of row i
/// −w·(β·log σ(qᵢ·pᵢ) + Σⱼ cⱼ·log(1 − σ(qᵢ·nⱼ))), by products of blocks of rows.
/// </summary>
/// <param name="queries">q: [B, D].</param>
/// <param name="negatives">n: [K, D].</param>
/// <param name="positives">p: [B, D].</param>
/// <param name="dimension">D.</param>
/// <param name="leftOut">[B]: the negative that is the row's positive, and does not count there; −1 for none.</param>
/// <param name="counts">c: [K]; null for ones.</param>
/// <param name="exponent">β.</param>
/// <param name="weight">w.</param>
/// <remarks>About 6·B·K·D operations and two exponentials a logit. The same bits at any number of threads.</remarks>
internal sealed class SharedNegativesBce(
    float[] queries, float[] negatives, float[] positives, int dimension, int[] leftOut, int[]? counts, double exponent, double weight)
{
    // Logits of a block stay in the second-level cache for some thousand negatives.
    private const int BlockRows = 96;
    private const int RowsPerPart = 8;

    private readonly int _columns = negatives.Length / dimension;
    private readonly float[]? _counts = counts is null ? null : Array.ConvertAll(counts, count => (float)count);

    /// <summary>The sum over rows, and its gradients, all overwritten.</summary>
    public double Compute(Span<float> queryGradient, Span<float> negativeGradient, Span<float> positiveGradient)
    {
        var rows = queries.Length / dimension;
        var logits = new float[Math.Min(rows, BlockRows) * _columns];
        var losses = new double[rows];
        negativeGradient.Clear();
        for (var first = 0; first < rows; first += BlockRows)
        {
            var count = Math.Min(BlockRows, rows - first);
            var block = queries.AsSpan(first * dimension, count * dimension);
            var gradient = queryGradient.Slice(first * dimension, count * dimension);
            GemmKernels.Multiply(false, true, count, _columns, dimension, block, dimension, negatives, dimension, logits, _columns);
            Parallelism.ForRanges(count, RowsPerPart, (start, end) =>
            {
                var scratch = new float[_columns];
                for (var row = start; row < end; row++)
                {
                    losses[first + row] = Differentiate(logits.AsSpan(row * _columns, _columns), scratch, leftOut[first + row]);
                }
            });
            GemmKernels.Multiply(false, false, count, dimension, _columns, logits, _columns, negatives, dimension, gradient, dimension);
            GemmKernels.Multiply(true, false, _columns, dimension, count, logits, _columns, block, dimension, negativeGradient, dimension, accumulate: true);
        }

        return losses.Sum() + AddPositives(queryGradient, positiveGradient);
    }

    // The loss of a row of logits, which become their slopes w·c·σ(s).
    private double Differentiate(Span<float> logits, Span<float> scratch, int left)
    {
        // log(1 + eˢ) = max(s, 0) + log(1 + e^−|s|)
        TensorPrimitives.Abs(logits, scratch);
        TensorPrimitives.Negate(scratch, scratch);
        TensorPrimitives.Exp<float>(scratch, scratch);
        TensorPrimitives.LogP1<float>(scratch, scratch);
        for (var j = 0; j < logits.Length; j++)
        {
            scratch[j] += Math.Max(logits[j], 0);
        }

        TensorPrimitives.Sigmoid(logits, logits);
        if (left >= 0)
        {
            (scratch[left], logits[left]) = (0, 0);
        }

        var sum = 0.0;
        if (_counts is not null)
        {
            TensorPrimitives.Multiply(logits, _counts, logits);
            sum = TensorPrimitives.Dot(scratch, _counts);
        }
        else
        {
            sum = TensorPrimitives.Sum<float>(scratch);
        }

        TensorPrimitives.Multiply(logits, (float)weight, logits);
        return weight * sum;
    }

    private double AddPositives(Span<float> queryGradient, Span<float> positiveGradient)
    {
        var loss = 0.0;
        for (var row = 0; row < queries.Length / dimension; row++)
        {
            var query = queries.AsSpan(row * dimension, dimension);
            var positive = positives.AsSpan(row * dimension, dimension);
            double logit = TensorPrimitives.Dot<float>(query, positive);
            loss += weight * exponent * (Math.Max(-logit, 0) + Math.Log(1 + Math.Exp(-Math.Abs(logit))));
            var slope = (float)(-weight * exponent / (1 + Math.Exp(logit)));
            TensorPrimitives.Multiply(query, slope, positiveGradient.Slice(row * dimension, dimension));
            var own = queryGradient.Slice(row * dimension, dimension);
            TensorPrimitives.MultiplyAdd(positive, slope, own, own);
        }

        return loss;
    }
}
