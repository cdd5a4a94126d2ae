using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Rows in fewer than 32 bits a component.</summary>
internal static class RowFormat
{
    private const int MaxCode = 127;

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
        var max = 0.0;
        foreach (var value in row)
        {
            max = Math.Max(max, Math.Abs((double)value));
        }

        for (var i = 0; i < row.Length; i++)
        {
            encoded[i] = max > 0 ? (sbyte)Math.Round(row[i] / max * MaxCode) : (sbyte)0;
        }

        return max / MaxCode;
    }

    /// <summary>Widens bfloat16.</summary>
    public static void Decode(ReadOnlySpan<ushort> encoded, Span<float> row)
    {
        for (var i = 0; i < encoded.Length; i++)
        {
            row[i] = NarrowPairSums.Widen(encoded[i]);
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
}
