using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace DotRec.Indexing;

/// <summary>Brings values that are no float32 into memory as such.</summary>
internal static class EmbeddingConversion
{
    // Long enough for vector loops, short enough to be in the cache still when the result is looked through.
    private const int BlockValues = 1 << 12;

    /// <summary>The values of a dense layout, [N · D]: float16 exactly, float64 rounded to the nearest. NaN and infinity stay what they are.</summary>
    /// <exception cref="ArtifactFormatException">A finite float64 is too great for float32.</exception>
    public static Section<float> ToSingle(string path, Section<byte> bytes, EmbeddingFile.Layout layout)
    {
        var values = AllocatedMemory.New<float>(layout.Rows * layout.Dimension);
        try
        {
            for (var first = 0L; first < values.Length; first += BlockValues)
            {
                var target = values.Span(first, (int)Math.Min(BlockValues, values.Length - first));
                var source = bytes.Span(layout.Start + (first * layout.ValueBytes), target.Length * layout.ValueBytes);
                if (layout.ValueBytes == sizeof(short))
                {
                    TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(source), target);
                }
                else
                {
                    Round(path, layout, first, MemoryMarshal.Cast<byte, double>(source), target);
                }
            }

            return values;
        }
        catch
        {
            values.Memory.Dispose();
            throw;
        }
    }

    private static void Round(string path, EmbeddingFile.Layout layout, long first, ReadOnlySpan<double> source, Span<float> target)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = (float)source[i];
            if (float.IsInfinity(target[i]) && double.IsFinite(source[i]))
            {
                var at = first + i;
                var (row, column) = (at / layout.Dimension, at % layout.Dimension);
                throw new ArtifactFormatException(
                    path,
                    layout.Start + (at * sizeof(double)),
                    FormattableString.Invariant($"row {row}, column {column} is {source[i]:R}; float32 ends at {float.MaxValue:g3}. Scale the values."));
            }
        }
    }
}
