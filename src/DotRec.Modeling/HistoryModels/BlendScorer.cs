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
