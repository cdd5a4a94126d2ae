using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DotRec.Kernels;

/// <summary>
/// Copies operands into the order in which the register tile reads them. A panel is <c>width</c> lines (rows of A or columns of B) by
/// k steps, step-major: value (line, step) is at panel[step·width + line]. Lines beyond the operand are zeros.
/// </summary>
internal static unsafe class GemmPacking
{
    /// <summary>Packs lines 0 … <paramref name="lines"/> − 1 into consecutive panels of <paramref name="width"/> lines.</summary>
    public static void Pack(float* source, nint lineStride, nint stepStride, int lines, int steps, int width, float* panels)
    {
        for (var line = 0; line < lines; line += width)
        {
            PackPanel(source + (line * lineStride), lineStride, stepStride, Math.Min(width, lines - line), steps, width, panels);
            panels += (nint)width * steps;
        }
    }

    /// <summary>Packs 0 … <paramref name="width"/> lines into one panel.</summary>
    public static void PackPanel(float* source, nint lineStride, nint stepStride, int lines, int steps, int width, float* panel)
    {
        if (lines < width)
        {
            new Span<float>(panel, width * steps).Clear();
        }

        if (lineStride == 1)
        {
            CopySteps(source, stepStride, lines, steps, width, panel);
            return;
        }

        var line = 0;
        for (; line + 4 <= lines; line += 4)
        {
            TransposeFour(source + (line * lineStride), lineStride, stepStride, steps, width, panel + line);
        }

        for (; line < lines; line++)
        {
            var from = source + (line * lineStride);
            for (var step = 0; step < steps; step++)
            {
                panel[(nint)step * width + line] = from[step * stepStride];
            }
        }
    }

    // The values of one step lie side by side.
    private static void CopySteps(float* source, nint stepStride, int lines, int steps, int width, float* panel)
    {
        for (var step = 0; step < steps; step++)
        {
            var line = 0;
            if (Vector512.IsHardwareAccelerated)
            {
                for (; line + 16 <= lines; line += 16)
                {
                    Vector512.Load(source + line).Store(panel + line);
                }
            }

            for (; line + 4 <= lines; line += 4)
            {
                Vector128.Load(source + line).Store(panel + line);
            }

            for (; line < lines; line++)
            {
                panel[line] = source[line];
            }

            source += stepStride;
            panel += width;
        }
    }

    private static void TransposeFour(float* source, nint lineStride, nint stepStride, int steps, int width, float* panel)
    {
        float* s0 = source, s1 = source + lineStride, s2 = source + (2 * lineStride), s3 = source + (3 * lineStride);
        var step = 0;
        if (Sse.IsSupported && stepStride == 1)
        {
            for (; step + 4 <= steps; step += 4)
            {
                var (v0, v1, v2, v3) = (Vector128.Load(s0 + step), Vector128.Load(s1 + step), Vector128.Load(s2 + step), Vector128.Load(s3 + step));
                var (low01, high01) = (Sse.UnpackLow(v0, v1), Sse.UnpackHigh(v0, v1));
                var (low23, high23) = (Sse.UnpackLow(v2, v3), Sse.UnpackHigh(v2, v3));
                Sse.MoveLowToHigh(low01, low23).Store(panel);
                Sse.MoveHighToLow(low23, low01).Store(panel + width);
                Sse.MoveLowToHigh(high01, high23).Store(panel + (2 * width));
                Sse.MoveHighToLow(high23, high01).Store(panel + (3 * width));
                panel += 4 * (nint)width;
            }
        }

        for (; step < steps; step++)
        {
            var at = step * stepStride;
            panel[0] = s0[at];
            panel[1] = s1[at];
            panel[2] = s2[at];
            panel[3] = s3[at];
            panel += width;
        }
    }
}
