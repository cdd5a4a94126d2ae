using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>
/// Sums of the terms of a vector and a row that is stored in fewer bits. 128-bit vectors, the same lanes on every processor: a row is read once and
/// from memory, which takes longer than its sum. Any alignment, any length; reads no more than the length.
/// </summary>
internal static unsafe class NarrowPairSums
{
    /// <summary>With a row of bfloat16.</summary>
    public static float Sum<TTerm>(float* vector, ushort* row, int length)
        where TTerm : struct, IPairTerm
    {
        var (s0, s1) = (Vector128<float>.Zero, Vector128<float>.Zero);
        var i = 0;
        for (; i + Vector128<ushort>.Count <= length; i += Vector128<ushort>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(row + i));
            s0 = TTerm.Add(Vector128.Load(vector + i), (low << 16).AsSingle(), s0);
            s1 = TTerm.Add(Vector128.Load(vector + i + 4), (high << 16).AsSingle(), s1);
        }

        var sum = Vector128.Sum(s0 + s1);
        for (; i < length; i++)
        {
            sum = TTerm.Add(vector[i], Widen(row[i]), sum);
        }

        return sum;
    }

    /// <summary>With a row of 8-bit codes, each so many steps.</summary>
    public static float Sum<TTerm>(float* vector, sbyte* row, float step, int length)
        where TTerm : struct, IPairTerm
    {
        var (s0, s1, s2, s3) = (Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero);
        var i = 0;
        for (; i + Vector128<sbyte>.Count <= length; i += Vector128<sbyte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(row + i));
            s0 = TTerm.Add(Vector128.Load(vector + i), Vector128.ConvertToSingle(Vector128.WidenLower(low)) * step, s0);
            s1 = TTerm.Add(Vector128.Load(vector + i + 4), Vector128.ConvertToSingle(Vector128.WidenUpper(low)) * step, s1);
            s2 = TTerm.Add(Vector128.Load(vector + i + 8), Vector128.ConvertToSingle(Vector128.WidenLower(high)) * step, s2);
            s3 = TTerm.Add(Vector128.Load(vector + i + 12), Vector128.ConvertToSingle(Vector128.WidenUpper(high)) * step, s3);
        }

        var sum = Vector128.Sum((s0 + s1) + (s2 + s3));
        for (; i < length; i++)
        {
            sum = TTerm.Add(vector[i], row[i] * step, sum);
        }

        return sum;
    }

    /// <summary>With a row of 8-bit codes, each so many steps from an origin of the same length.</summary>
    public static float Sum<TTerm>(float* vector, float* origin, sbyte* row, float step, int length)
        where TTerm : struct, IPairTerm
    {
        var (s0, s1, s2, s3) = (Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero);
        var steps = Vector128.Create(step);
        var i = 0;
        for (; i + Vector128<sbyte>.Count <= length; i += Vector128<sbyte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(row + i));
            s0 = TTerm.Add(Vector128.Load(vector + i), Value(Vector128.WidenLower(low), steps, origin + i), s0);
            s1 = TTerm.Add(Vector128.Load(vector + i + 4), Value(Vector128.WidenUpper(low), steps, origin + i + 4), s1);
            s2 = TTerm.Add(Vector128.Load(vector + i + 8), Value(Vector128.WidenLower(high), steps, origin + i + 8), s2);
            s3 = TTerm.Add(Vector128.Load(vector + i + 12), Value(Vector128.WidenUpper(high), steps, origin + i + 12), s3);
        }

        var sum = Vector128.Sum((s0 + s1) + (s2 + s3));
        for (; i < length; i++)
        {
            sum = TTerm.Add(vector[i], float.MultiplyAddEstimate(row[i], step, origin[i]), sum);
        }

        return sum;
    }

    /// <summary>A bfloat16 as a float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Widen(ushort value) => BitConverter.UInt32BitsToSingle((uint)value << 16);

    private static Vector128<float> Value(Vector128<int> codes, Vector128<float> steps, float* origin) =>
        Vector128.MultiplyAddEstimate(Vector128.ConvertToSingle(codes), steps, Vector128.Load(origin));
}
