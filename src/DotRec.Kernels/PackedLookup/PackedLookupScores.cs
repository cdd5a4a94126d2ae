using System.Numerics;
using System.Runtime.CompilerServices;

namespace DotRec.Kernels;

/// <summary>
/// From what a scan found to approximate scores, bias + value · unit, as integers of the same order (<see cref="RankSelection"/>). Whole vectors are read
/// and written: buffers have room for <see cref="PackedLookupQuery.Slack"/> more than was found, and what is in it afterwards means nothing.
/// </summary>
internal static unsafe class PackedLookupScores
{
    /// <summary>The score of each item found, and its position among all.</summary>
    /// <param name="lookup">Positions within the run, and values.</param>
    /// <param name="firstPosition">Position of the run's first item.</param>
    /// <param name="bias">Score of an item with the value 0.</param>
    /// <param name="unit">What a value of 1 is worth.</param>
    /// <param name="scores">[found + 32], written.</param>
    /// <param name="positions">[found + 32], written.</param>
    public static void Score(PackedLookupQuery* lookup, int firstPosition, float bias, float unit, int* scores, int* positions)
    {
        var (units, biases) = (new Vector<float>(unit), new Vector<float>(bias));
        var first = new Vector<uint>((uint)firstPosition);
        for (var i = 0; i < lookup->Found; i += Vector<short>.Count)
        {
            Score(lookup->Values + i, units, biases, scores + i);
            Vector.Widen(Vector.Load(lookup->Positions + i), out var low, out var high);
            (low + first).Store((uint*)positions + i);
            (high + first).Store((uint*)positions + i + Vector<int>.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Score(short* values, Vector<float> units, Vector<float> biases, int* scores)
    {
        Vector.Widen(Vector.Load(values), out var low, out var high);
        RankSelection.Ordered(Vector.MultiplyAddEstimate(Vector.ConvertToSingle(low), units, biases)).Store(scores);
        RankSelection.Ordered(Vector.MultiplyAddEstimate(Vector.ConvertToSingle(high), units, biases)).Store(scores + Vector<int>.Count);
    }
}
