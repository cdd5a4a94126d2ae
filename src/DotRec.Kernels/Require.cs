using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace DotRec.Kernels;

/// <summary>The length checks of kernel entries. Always on: a kernel that trusted a wrong length would read foreign memory.</summary>
internal static class Require
{
    /// <summary>Two vectors of one length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SameLength(int x, int y)
    {
        if (x != y)
        {
            ThrowSameLength(x, y);
        }
    }

    /// <summary>A dense row-major matrix of exactly <paramref name="rows"/> x <paramref name="columns"/> values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Matrix(ReadOnlySpan<float> values, int rows, int columns, [CallerArgumentExpression(nameof(values))] string name = "")
    {
        if (values.Length != (long)rows * columns)
        {
            ThrowMatrix(values.Length, rows, columns, name);
        }
    }

    /// <summary>A row-major matrix whose rows start <paramref name="stride"/> values apart and must lie inside <paramref name="length"/> values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StridedMatrix(int length, int rows, int columns, int stride, string name)
    {
        if (stride < columns || (rows > 0 && columns > 0 && length < ((rows - 1L) * stride) + columns))
        {
            ThrowStridedMatrix(length, rows, columns, stride, name);
        }
    }

    /// <summary>Words with a bit for each of <paramref name="bits"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Words(ReadOnlySpan<ulong> words, int bits)
    {
        if (words.Length * 64L < bits)
        {
            ThrowWords(words.Length, bits);
        }
    }

    [DoesNotReturn]
    private static void ThrowSameLength(int x, int y) =>
        throw new ArgumentException($"The vectors have {x} and {y} values; they must have the same number.", nameof(y));

    [DoesNotReturn]
    private static void ThrowMatrix(int length, int rows, int columns, string name) =>
        throw new ArgumentException($"{name} holds {length} values; a matrix of {rows} x {columns} was expected ({(long)rows * columns} values).", name);

    [DoesNotReturn]
    private static void ThrowStridedMatrix(int length, int rows, int columns, int stride, string name) =>
        throw new ArgumentException($"{name} holds {length} values with rows {stride} apart; a matrix of {rows} x {columns} does not lie inside that.", name);

    [DoesNotReturn]
    private static void ThrowWords(int words, int bits) =>
        throw new ArgumentException($"{bits} bits do not fit into {words} words of 64; {(bits + 63L) / 64} words were expected.", nameof(words));
}
