using System.Runtime.CompilerServices;
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

        var line = 0;
        for (; line + 8 <= lines; line += 8)
        {
            PackEight(source + (line * lineStride), lineStride, stepStride, steps, width, panel + line);
        }

        for (; line + 4 <= lines; line += 4)
        {
            PackFour(source + (line * lineStride), lineStride, stepStride, steps, width, panel + line);
        }

        for (; line < lines; line++)
        {
            var from = source + (line * lineStride);
            for (var step = 0; step < steps; step++)
            {
                panel[((nint)step * width) + line] = from[step * stepStride];
            }
        }
    }

    private static void PackEight(float* source, nint lineStride, nint stepStride, int steps, int width, float* panel)
    {
        if (Vector256.IsHardwareAccelerated && lineStride == 1)
        {
            for (var step = 0; step < steps; step++)
            {
                Vector256.Load(source).Store(panel);
                source += stepStride;
                panel += width;
            }
        }
        else if (Avx.IsSupported && stepStride == 1)
        {
            var whole = steps - (steps % 8);
            for (var step = 0; step < whole; step += 8)
            {
                TransposeEight(source + step, lineStride, panel + ((nint)step * width), width);
            }

            PackFour(source + whole, lineStride, 1, steps - whole, width, panel + ((nint)whole * width));
            PackFour(source + whole + (4 * lineStride), lineStride, 1, steps - whole, width, panel + ((nint)whole * width) + 4);
        }
        else
        {
            PackFour(source, lineStride, stepStride, steps, width, panel);
            PackFour(source + (4 * lineStride), lineStride, stepStride, steps, width, panel + 4);
        }
    }

    private static void PackFour(float* source, nint lineStride, nint stepStride, int steps, int width, float* panel)
    {
        if (lineStride == 1)
        {
            for (var step = 0; step < steps; step++)
            {
                Vector128.Load(source).Store(panel);
                source += stepStride;
                panel += width;
            }
        }
        else
        {
            TransposeFour(source, lineStride, stepStride, steps, width, panel);
        }
    }

    // 8 lines of 8 steps: pairs, then fours, then halves of registers change places.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeEight(float* source, nint stride, float* panel, nint width)
    {
        Vector256<float> v0 = Vector256.Load(source), v1 = Vector256.Load(source + stride);
        Vector256<float> v2 = Vector256.Load(source + (2 * stride)), v3 = Vector256.Load(source + (3 * stride));
        Vector256<float> v4 = Vector256.Load(source + (4 * stride)), v5 = Vector256.Load(source + (5 * stride));
        Vector256<float> v6 = Vector256.Load(source + (6 * stride)), v7 = Vector256.Load(source + (7 * stride));
        Vector256<float> p0 = Avx.UnpackLow(v0, v1), p1 = Avx.UnpackHigh(v0, v1), p2 = Avx.UnpackLow(v2, v3), p3 = Avx.UnpackHigh(v2, v3);
        Vector256<float> p4 = Avx.UnpackLow(v4, v5), p5 = Avx.UnpackHigh(v4, v5), p6 = Avx.UnpackLow(v6, v7), p7 = Avx.UnpackHigh(v6, v7);
        Vector256<float> f0 = Avx.Shuffle(p0, p2, 0x44), f1 = Avx.Shuffle(p0, p2, 0xEE), f2 = Avx.Shuffle(p1, p3, 0x44), f3 = Avx.Shuffle(p1, p3, 0xEE);
        Vector256<float> f4 = Avx.Shuffle(p4, p6, 0x44), f5 = Avx.Shuffle(p4, p6, 0xEE), f6 = Avx.Shuffle(p5, p7, 0x44), f7 = Avx.Shuffle(p5, p7, 0xEE);
        Avx.Permute2x128(f0, f4, 0x20).Store(panel);
        Avx.Permute2x128(f1, f5, 0x20).Store(panel + width);
        Avx.Permute2x128(f2, f6, 0x20).Store(panel + (2 * width));
        Avx.Permute2x128(f3, f7, 0x20).Store(panel + (3 * width));
        Avx.Permute2x128(f0, f4, 0x31).Store(panel + (4 * width));
        Avx.Permute2x128(f1, f5, 0x31).Store(panel + (5 * width));
        Avx.Permute2x128(f2, f6, 0x31).Store(panel + (6 * width));
        Avx.Permute2x128(f3, f7, 0x31).Store(panel + (7 * width));
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
