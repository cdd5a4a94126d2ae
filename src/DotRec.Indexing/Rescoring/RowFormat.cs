using System.Runtime.Intrinsics;
using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Rows in fewer than 32 bits a component.</summary>
internal static class RowFormat
{
    private const int GreatestCode = 127;

    /// <summary>Bytes of a component.</summary>
    public static int ByteWidth(this RescoringFormat format) => format switch
    {
        RescoringFormat.Float32 => sizeof(float),
        RescoringFormat.Bfloat16 => sizeof(ushort),
        _ => sizeof(sbyte),
    };

    /// <summary>Rounds to bfloat16, ties to even.</summary>
    public static void Encode(ReadOnlySpan<float> row, Span<ushort> encoded)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var bits = BitConverter.SingleToUInt32Bits(row[i]);
            encoded[i] = (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
    }

    /// <summary>Rounds to 8 bits, in steps that make the greatest component 127 of them.</summary>
    /// <returns>The step.</returns>
    public static double Encode(ReadOnlySpan<float> row, Span<sbyte> encoded)
    {
        var greatest = 0.0;
        foreach (var value in row)
        {
            greatest = Math.Max(greatest, Math.Abs((double)value));
        }

        for (var i = 0; i < row.Length; i++)
        {
            encoded[i] = greatest > 0 ? (sbyte)Math.Round(row[i] / greatest * GreatestCode) : (sbyte)0;
        }

        return greatest / GreatestCode;
    }

    /// <summary>Widens bfloat16.</summary>
    public static void Decode(ReadOnlySpan<ushort> encoded, Span<float> row)
    {
        for (var i = 0; i < encoded.Length; i++)
        {
            row[i] = Widen(encoded[i]);
        }
    }

    /// <summary>Multiplies 8-bit codes by their step.</summary>
    public static void Decode(ReadOnlySpan<sbyte> encoded, float step, Span<float> row)
    {
        for (var i = 0; i < encoded.Length; i++)
        {
            row[i] = encoded[i] * step;
        }
    }

    /// <summary>Multiplies 8-bit codes by their step and adds them to what they are relative to.</summary>
    public static void Decode(ReadOnlySpan<sbyte> encoded, float step, ReadOnlySpan<float> origin, Span<float> row)
    {
        for (var i = 0; i < encoded.Length; i++)
        {
            row[i] = float.MultiplyAddEstimate(encoded[i], step, origin[i]);
        }
    }

    /// <summary>Sums the terms of a query and a bfloat16 row of its length.</summary>
    public static unsafe float Sum<TTerm>(float* query, ushort* row, int dimension)
        where TTerm : struct, IPairTerm
    {
        var (s0, s1) = (Vector128<float>.Zero, Vector128<float>.Zero);
        var i = 0;
        for (; i + Vector128<ushort>.Count <= dimension; i += Vector128<ushort>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(row + i));
            s0 = TTerm.Add(Vector128.Load(query + i), (low << 16).AsSingle(), s0);
            s1 = TTerm.Add(Vector128.Load(query + i + 4), (high << 16).AsSingle(), s1);
        }

        var sum = Vector128.Sum(s0 + s1);
        for (; i < dimension; i++)
        {
            sum = TTerm.Add(query[i], Widen(row[i]), sum);
        }

        return sum;
    }

    /// <summary>Sums the terms of a query and an 8-bit row of its length.</summary>
    public static unsafe float Sum<TTerm>(float* query, sbyte* row, float step, int dimension)
        where TTerm : struct, IPairTerm
    {
        var (s0, s1, s2, s3) = (Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero);
        var i = 0;
        for (; i + Vector128<sbyte>.Count <= dimension; i += Vector128<sbyte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(row + i));
            s0 = TTerm.Add(Vector128.Load(query + i), Vector128.ConvertToSingle(Vector128.WidenLower(low)) * step, s0);
            s1 = TTerm.Add(Vector128.Load(query + i + 4), Vector128.ConvertToSingle(Vector128.WidenUpper(low)) * step, s1);
            s2 = TTerm.Add(Vector128.Load(query + i + 8), Vector128.ConvertToSingle(Vector128.WidenLower(high)) * step, s2);
            s3 = TTerm.Add(Vector128.Load(query + i + 12), Vector128.ConvertToSingle(Vector128.WidenUpper(high)) * step, s3);
        }

        var sum = Vector128.Sum((s0 + s1) + (s2 + s3));
        for (; i < dimension; i++)
        {
            sum = TTerm.Add(query[i], row[i] * step, sum);
        }

        return sum;
    }

    /// <summary>Sums the terms of a query and an 8-bit row of its length that is relative to an origin.</summary>
    public static unsafe float Sum<TTerm>(float* query, float* origin, sbyte* row, float step, int dimension)
        where TTerm : struct, IPairTerm
    {
        var (s0, s1, s2, s3) = (Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero, Vector128<float>.Zero);
        var steps = Vector128.Create(step);
        var i = 0;
        for (; i + Vector128<sbyte>.Count <= dimension; i += Vector128<sbyte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.Load(row + i));
            s0 = TTerm.Add(Vector128.Load(query + i), Value(Vector128.WidenLower(low), steps, origin + i), s0);
            s1 = TTerm.Add(Vector128.Load(query + i + 4), Value(Vector128.WidenUpper(low), steps, origin + i + 4), s1);
            s2 = TTerm.Add(Vector128.Load(query + i + 8), Value(Vector128.WidenLower(high), steps, origin + i + 8), s2);
            s3 = TTerm.Add(Vector128.Load(query + i + 12), Value(Vector128.WidenUpper(high), steps, origin + i + 12), s3);
        }

        var sum = Vector128.Sum((s0 + s1) + (s2 + s3));
        for (; i < dimension; i++)
        {
            sum = TTerm.Add(query[i], float.MultiplyAddEstimate(row[i], step, origin[i]), sum);
        }

        return sum;
    }

    private static unsafe Vector128<float> Value(Vector128<int> codes, Vector128<float> steps, float* origin) =>
        Vector128.MultiplyAddEstimate(Vector128.ConvertToSingle(codes), steps, Vector128.Load(origin));

    private static float Widen(ushort value) => BitConverter.UInt32BitsToSingle((uint)value << 16);
}
