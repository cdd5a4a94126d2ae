using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>The sum of two models' scores, each brought to mean 0 and deviation 1 over the items of a query first.</summary>
/// <param name="first">Counts once.</param>
/// <param name="second">Counts by the weight.</param>
/// <param name="weight">What the second counts.</param>
internal sealed class BlendScorer(ItemScorer first, ItemScorer second, float weight) : ItemScorer
{
    private float[] _others = [];

    public override int ItemCount => first.ItemCount;

    public override void Score(int firstRow, int count, Span<float> scores)
    {
        first.Score(firstRow, count, scores);
        if (_others.Length < scores.Length)
        {
            _others = new float[scores.Length];
        }

        second.Score(firstRow, count, _others.AsSpan(0, scores.Length));
        unsafe
        {
            // A span cannot go into a delegate.
            fixed (float* start = scores)
            {
                var (rows, width) = ((nint)start, ItemCount);
                Parallelism.For(count, i => Add(new Span<float>((float*)rows + ((long)i * width), width), _others.AsSpan(i * width, width), weight));
            }
        }
    }

    /// <summary>Finds the weight whose ranks of examples are best; of equal ones the first.</summary>
    /// <param name="first">Counts once.</param>
    /// <param name="second">Counts by the weight.</param>
    /// <param name="weights">The weights to try.</param>
    /// <param name="examples">What is asked and what was chosen.</param>
    /// <param name="ks">List lengths of the reports.</param>
    /// <param name="figure">What of a report is compared; more is better.</param>
    /// <param name="cancellationToken">Checked between blocks of examples.</param>
    public static (double Weight, double Figure) Best(
        ItemScorer first, ItemScorer second, IEnumerable<double> weights, NextItems examples, int[] ks, Func<RetrievalReport, double> figure, CancellationToken cancellationToken) =>
        weights.Select(weight => (weight, figure(HistoryModel.Rank(new BlendScorer(first, second, (float)weight), examples, ks, cancellationToken)))).MaxBy(pair => pair.Item2);

    /// <summary>Brings both to one scale and adds the others to the scores. The others are used up.</summary>
    public static void Add(Span<float> scores, Span<float> others, float weight)
    {
        Standardize(scores);
        Standardize(others);
        TensorPrimitives.MultiplyAdd(others, weight, scores, scores);
    }

    // Scores that are all the same tell nothing, and stay so.
    private static void Standardize(Span<float> scores)
    {
        var mean = TensorPrimitives.Average<float>(scores);
        TensorPrimitives.Subtract(scores, mean, scores);
        var deviation = TensorPrimitives.Norm(scores) / MathF.Sqrt(scores.Length);
        if (deviation > 0)
        {
            TensorPrimitives.Divide(scores, deviation, scores);
        }
    }
}
