using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using V = System.Runtime.Intrinsics.Vector256<float>;
using Vec = System.Runtime.Intrinsics.Vector256;

namespace DotRec.Kernels;

/// <summary>6 x 16 register tile: 12 of the 16 registers hold sums, two hold B and one the broadcast of A.</summary>
internal readonly unsafe struct GemmAvx2 : IGemmKernel
{
    private const int Lanes = 8;

    public static InstructionSet InstructionSet => InstructionSet.Avx2;

    public static int TileRows => 6;

    public static int TileColumns => 2 * Lanes;

    // Row r of the tile is summed in the registers r{r}x (left half) and r{r}y (right half).
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile(float* a, nint aRow, nint aStep, float* b, nint bStep, nint k, float* c, nint ldc, bool accumulate)
    {
        V r0x = default, r0y = default, r1x = default, r1y = default, r2x = default, r2y = default;
        V r3x = default, r3y = default, r4x = default, r4y = default, r5x = default, r5y = default;
        float* a0 = a, a3 = a + (3 * aRow);
        for (nint l = 0; l < k; l++)
        {
            var x = Vec.Load(b);
            var y = Vec.Load(b + Lanes);
            var v = Vec.Create(*a0);
            r0x = Vec.MultiplyAddEstimate(v, x, r0x);
            r0y = Vec.MultiplyAddEstimate(v, y, r0y);
            v = Vec.Create(a0[aRow]);
            r1x = Vec.MultiplyAddEstimate(v, x, r1x);
            r1y = Vec.MultiplyAddEstimate(v, y, r1y);
            v = Vec.Create(a0[2 * aRow]);
            r2x = Vec.MultiplyAddEstimate(v, x, r2x);
            r2y = Vec.MultiplyAddEstimate(v, y, r2y);
            v = Vec.Create(*a3);
            r3x = Vec.MultiplyAddEstimate(v, x, r3x);
            r3y = Vec.MultiplyAddEstimate(v, y, r3y);
            v = Vec.Create(a3[aRow]);
            r4x = Vec.MultiplyAddEstimate(v, x, r4x);
            r4y = Vec.MultiplyAddEstimate(v, y, r4y);
            v = Vec.Create(a3[2 * aRow]);
            r5x = Vec.MultiplyAddEstimate(v, x, r5x);
            r5y = Vec.MultiplyAddEstimate(v, y, r5y);
            a0 += aStep;
            a3 += aStep;
            b += bStep;
        }

        Store(c, r0x, r0y, accumulate);
        Store(c + ldc, r1x, r1y, accumulate);
        Store(c + (2 * ldc), r2x, r2y, accumulate);
        Store(c + (3 * ldc), r3x, r3y, accumulate);
        Store(c + (4 * ldc), r4x, r4y, accumulate);
        Store(c + (5 * ldc), r5x, r5y, accumulate);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(float* a, nint aStep, float* b, nint bStep, nint k, float* c, nint n, bool accumulate)
    {
        nint j = 0;
        for (; j + (8 * Lanes) <= n; j += 8 * Lanes)
        {
            V s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
            float* x = a, y = b + j;
            for (nint l = 0; l < k; l++)
            {
                var v = Vec.Create(*x);
                s0 = Vec.MultiplyAddEstimate(v, Vec.Load(y), s0);
                s1 = Vec.MultiplyAddEstimate(v, Vec.Load(y + Lanes), s1);
                s2 = Vec.MultiplyAddEstimate(v, Vec.Load(y + (2 * Lanes)), s2);
                s3 = Vec.MultiplyAddEstimate(v, Vec.Load(y + (3 * Lanes)), s3);
                s4 = Vec.MultiplyAddEstimate(v, Vec.Load(y + (4 * Lanes)), s4);
                s5 = Vec.MultiplyAddEstimate(v, Vec.Load(y + (5 * Lanes)), s5);
                s6 = Vec.MultiplyAddEstimate(v, Vec.Load(y + (6 * Lanes)), s6);
                s7 = Vec.MultiplyAddEstimate(v, Vec.Load(y + (7 * Lanes)), s7);
                x += aStep;
                y += bStep;
            }

            Store(c + j, s0, s1, accumulate);
            Store(c + j + (2 * Lanes), s2, s3, accumulate);
            Store(c + j + (4 * Lanes), s4, s5, accumulate);
            Store(c + j + (6 * Lanes), s6, s7, accumulate);
        }

        for (; j + (4 * Lanes) <= n; j += 4 * Lanes)
        {
            V s0 = default, s1 = default, s2 = default, s3 = default;
            float* x = a, y = b + j;
            for (nint l = 0; l < k; l++)
            {
                var v = Vec.Create(*x);
                s0 = Vec.MultiplyAddEstimate(v, Vec.Load(y), s0);
                s1 = Vec.MultiplyAddEstimate(v, Vec.Load(y + Lanes), s1);
                s2 = Vec.MultiplyAddEstimate(v, Vec.Load(y + (2 * Lanes)), s2);
                s3 = Vec.MultiplyAddEstimate(v, Vec.Load(y + (3 * Lanes)), s3);
                x += aStep;
                y += bStep;
            }

            Store(c + j, s0, s1, accumulate);
            Store(c + j + (2 * Lanes), s2, s3, accumulate);
        }

        for (; j + Lanes <= n; j += Lanes)
        {
            V sum = default;
            float* x = a, y = b + j;
            for (nint l = 0; l < k; l++)
            {
                sum = Vec.MultiplyAddEstimate(Vec.Create(*x), Vec.Load(y), sum);
                x += aStep;
                y += bStep;
            }

            (accumulate ? sum + Vec.Load(c + j) : sum).Store(c + j);
        }

        for (; j < n; j++)
        {
            var sum = 0f;
            for (nint l = 0; l < k; l++)
            {
                sum = float.MultiplyAddEstimate(a[l * aStep], b[(l * bStep) + j], sum);
            }

            c[j] = accumulate ? c[j] + sum : sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, V x, V y, bool accumulate)
    {
        if (accumulate)
        {
            x += Vec.Load(c);
            y += Vec.Load(c + Lanes);
        }

        x.Store(c);
        y.Store(c + Lanes);
    }
}
