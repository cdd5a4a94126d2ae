using System.Diagnostics.CodeAnalysis;
using System.Runtime.Intrinsics;

namespace DotRec.Indexing;

/// <summary>
/// Which vectors can be scored. With finite components and a length of at most 2^62, no product, partial sum or squared distance of two of
/// them leaves float32 (Cauchy and Schwarz: at most 2^124 and 2^126), so no score is ever NaN or infinite.
/// </summary>
internal static class EmbeddingLength
{
    /// <summary>Largest squared length.</summary>
    public const double MaxSquare = (double)(1UL << 62) * (1UL << 62);

    // Below 2^-100 the components are so close to float32's smallest that a direction means nothing: for the cosine it is a zero vector.
    private const double MinSquare = 1.0 / MaxSquare / (1UL << 62) / (1UL << 14);

    /// <summary>Squared length, summed in double.</summary>
    public static double Squared(ReadOnlySpan<float> vector)
    {
        var sum = 0.0;
        foreach (var value in vector)
        {
            sum += (double)value * value;
        }

        return sum;
    }

    /// <summary>Squared length of a query, in the same order of sums on every processor: many at a time, for a search does it every time.</summary>
    public static double SquaredOfQuery(ReadOnlySpan<float> vector)
    {
        var (low, high) = (Vector512<double>.Zero, Vector512<double>.Zero);
        for (; vector.Length >= Vector512<float>.Count; vector = vector[Vector512<float>.Count..])
        {
            var (first, second) = Vector512.Widen(Vector512.Create(vector));
            low += first * first;
            high += second * second;
        }

        var eight = low + high;
        var four = eight.GetLower() + eight.GetUpper();
        var two = four.GetLower() + four.GetUpper();
        return two[0] + two[1] + Squared(vector);
    }

    /// <summary>Multiplies every component in double.</summary>
    public static void Scale(Span<float> vector, double factor)
    {
        if (factor == 1)
        {
            return;
        }

        var factors = Vector256.Create(factor);
        for (; vector.Length >= Vector256<float>.Count; vector = vector[Vector256<float>.Count..])
        {
            var (low, high) = Vector256.Widen(Vector256.Create<float>(vector));
            Vector256.Narrow(low * factors, high * factors).CopyTo(vector);
        }

        foreach (ref var value in vector)
        {
            value = (float)(value * factor);
        }
    }

    /// <summary>1 / length, or 0 for a zero vector.</summary>
    public static double Inverse(double squaredLength) => squaredLength < MinSquare ? 0 : 1 / Math.Sqrt(squaredLength);

    /// <summary>1 / length of the tiniest vectors too, beyond what float32 holds; 0 only for zeros.</summary>
    public static double InverseOfAny(double squaredLength) => squaredLength > 0 ? 1 / Math.Sqrt(squaredLength) : 0;

    /// <summary>Refuses a vector that cannot be scored.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="squaredLength">Its squared length; NaN and infinity in the vector show here.</param>
    /// <param name="what">"Query", "Row" …</param>
    /// <param name="number">Which one, or −1.</param>
    /// <param name="parameter">The caller's name for the vectors.</param>
    public static void Check(ReadOnlySpan<float> vector, double squaredLength, string what, long number, string parameter)
    {
        // False for NaN too.
        if (!(squaredLength <= MaxSquare))
        {
            Refuse(vector, squaredLength, number < 0 ? what : $"{what} {number}", parameter);
        }
    }

    [DoesNotReturn]
    private static void Refuse(ReadOnlySpan<float> vector, double squaredLength, string what, string parameter)
    {
        for (var i = 0; i < vector.Length; i++)
        {
            if (!float.IsFinite(vector[i]))
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"{what} holds {vector[i]} at position {i}; embeddings are finite numbers."), parameter);
            }
        }

        throw new ArgumentException(
            FormattableString.Invariant(
                $"{what} has length {Math.Sqrt(squaredLength):g3}; at most 4.61e+18 (2^62) can be scored in float32. Scale the embeddings."),
            parameter);
    }
}
