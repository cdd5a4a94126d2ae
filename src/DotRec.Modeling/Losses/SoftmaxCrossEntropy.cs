using System.Numerics.Tensors;
using DotRec.Kernels;
using Tensor = DotRec.Autodiff.Tensor;

namespace DotRec.Modeling;

/// <summary>Cross-entropy between each row's positive and the softmax over its allowed cells: Σᵢ wᵢ (log Σⱼ exp sᵢⱼ − sᵢ,positive).</summary>
internal static class SoftmaxCrossEntropy
{
    /// <summary>The loss and its gradient in one pass over the rows.</summary>
    /// <param name="logits">Scores and mask.</param>
    /// <param name="weights">One weight a row, or empty.</param>
    public static Tensor Compute(CandidateLogits logits, ReadOnlyMemory<float> weights)
    {
        var (rows, columns) = (logits.QueryCount, logits.CandidateCount);
        var gradient = Tensor.Zeros(rows, columns);
        var losses = new double[rows];
        Parallelism.ForRanges(rows, 16, (start, end) =>
        {
            for (var row = start; row < end; row++)
            {
                var weight = weights.IsEmpty ? 1 : weights.Span[row];
                losses[row] = Row(logits, row, weight, gradient.WritableValues().Slice(row * columns, columns));
            }
        });

        double total = 0;
        foreach (var loss in losses)
        {
            total += loss;
        }

        return Tensor.Precomputed((float)total, (logits.Values, gradient));
    }

    private static double Row(CandidateLogits logits, int row, float weight, Span<float> gradient)
    {
        var values = logits.Values.Values.Slice(row * gradient.Length, gradient.Length);
        values.CopyTo(gradient);
        var allowed = logits.AllowedIn(row);
        for (var column = 0; column < allowed.Length; column++)
        {
            // Only in this scratch row: exp turns it into exactly 0, whatever the other scores are.
            gradient[column] = allowed[column] ? gradient[column] : float.NegativeInfinity;
        }

        var maximum = TensorPrimitives.Max<float>(gradient);
        TensorPrimitives.Subtract(gradient, maximum, gradient);
        TensorPrimitives.Exp<float>(gradient, gradient);
        double sum = 0;
        foreach (var value in gradient)
        {
            sum += value;
        }

        TensorPrimitives.Multiply(gradient, (float)(weight / sum), gradient);
        gradient[logits.Positives[row]] -= weight;
        return weight * (Math.Log(sum) + maximum - values[logits.Positives[row]]);
    }
}
