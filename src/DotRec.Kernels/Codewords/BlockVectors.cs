using System.Numerics;
using System.Runtime.CompilerServices;

namespace DotRec.Kernels;

/// <summary>The components of one block, for as many items as a vector has lanes; those beyond the width are not read.</summary>
internal readonly struct BlockVectors(Vector<float> x, Vector<float> y, Vector<float> z, Vector<float> w)
{
    public readonly Vector<float> X = x;
    public readonly Vector<float> Y = y;
    public readonly Vector<float> Z = z;
    public readonly Vector<float> W = w;

    /// <summary>One codeword in every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockVectors Broadcast<TWidth>(ReadOnlySpan<float> codeword)
        where TWidth : struct, IBlockWidth => new(
            new Vector<float>(codeword[0]),
            new Vector<float>(codeword[1]),
            TWidth.Value > 2 ? new Vector<float>(codeword[2]) : default,
            TWidth.Value > 3 ? new Vector<float>(codeword[3]) : default);

    /// <summary>Component after component, a vector each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockVectors Load<TWidth>(ReadOnlySpan<float> values)
        where TWidth : struct, IBlockWidth => Load<TWidth>(values, Vector<float>.Count);

    /// <summary>Component after component, of each so many values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockVectors Load<TWidth>(ReadOnlySpan<float> values, int stride)
        where TWidth : struct, IBlockWidth => new(
            new Vector<float>(values),
            new Vector<float>(values[stride..]),
            TWidth.Value > 2 ? new Vector<float>(values[(2 * stride)..]) : default,
            TWidth.Value > 3 ? new Vector<float>(values[(3 * stride)..]) : default);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public BlockVectors Times(float factor) => new(X * factor, Y * factor, Z * factor, W * factor);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public BlockVectors Minus(in BlockVectors other) => new(X - other.X, Y - other.Y, Z - other.Z, W - other.W);

    /// <summary>The inner product in each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> Dot<TWidth>(in BlockVectors other)
        where TWidth : struct, IBlockWidth
    {
        var sum = TWidth.Value switch
        {
            2 => Y * other.Y,
            3 => Vector.FusedMultiplyAdd(Y, other.Y, Z * other.Z),
            _ => Vector.FusedMultiplyAdd(Y, other.Y, Vector.FusedMultiplyAdd(Z, other.Z, W * other.W)),
        };
        return Vector.FusedMultiplyAdd(X, other.X, sum);
    }

    /// <summary>The inner product in each lane, added to a sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector<float> AddDot<TWidth>(in BlockVectors other, Vector<float> sum)
        where TWidth : struct, IBlockWidth
    {
        sum = TWidth.Value > 3 ? Vector.FusedMultiplyAdd(W, other.W, sum) : sum;
        sum = TWidth.Value > 2 ? Vector.FusedMultiplyAdd(Z, other.Z, sum) : sum;
        return Vector.FusedMultiplyAdd(X, other.X, Vector.FusedMultiplyAdd(Y, other.Y, sum));
    }
}
