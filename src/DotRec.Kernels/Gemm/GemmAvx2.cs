using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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
        Vector256<float> r0x = default, r0y = default, r1x = default, r1y = default, r2x = default, r2y = default;
        Vector256<float> r3x = default, r3y = default, r4x = default, r4y = default, r5x = default, r5y = default;
        float* a0 = a, a3 = a + (3 * aRow);
        for (nint l = 0; l < k; l++)
        {
            var x = Vector256.Load(b);
            var y = Vector256.Load(b + Lanes);
            var v = Vector256.Create(*a0);
            r0x = Vector256.FusedMultiplyAdd(v, x, r0x);
            r0y = Vector256.FusedMultiplyAdd(v, y, r0y);
            v = Vector256.Create(a0[aRow]);
            r1x = Vector256.FusedMultiplyAdd(v, x, r1x);
            r1y = Vector256.FusedMultiplyAdd(v, y, r1y);
            v = Vector256.Create(a0[2 * aRow]);
            r2x = Vector256.FusedMultiplyAdd(v, x, r2x);
            r2y = Vector256.FusedMultiplyAdd(v, y, r2y);
            v = Vector256.Create(*a3);
            r3x = Vector256.FusedMultiplyAdd(v, x, r3x);
            r3y = Vector256.FusedMultiplyAdd(v, y, r3y);
            v = Vector256.Create(a3[aRow]);
            r4x = Vector256.FusedMultiplyAdd(v, x, r4x);
            r4y = Vector256.FusedMultiplyAdd(v, y, r4y);
            v = Vector256.Create(a3[2 * aRow]);
            r5x = Vector256.FusedMultiplyAdd(v, x, r5x);
            r5y = Vector256.FusedMultiplyAdd(v, y, r5y);
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
            Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
            float* x = a, y = b + j;
            for (nint l = 0; l < k; l++)
            {
                var v = Vector256.Create(*x);
                s0 = Vector256.FusedMultiplyAdd(v, Vector256.Load(y), s0);
                s1 = Vector256.FusedMultiplyAdd(v, Vector256.Load(y + Lanes), s1);
                s2 = Vector256.FusedMultiplyAdd(v, Vector256.Load(y + (2 * Lanes)), s2);
                s3 = Vector256.FusedMultiplyAdd(v, Vector256.Load(y + (3 * Lanes)), s3);
                s4 = Vector256.FusedMultiplyAdd(v, Vector256.Load(y + (4 * Lanes)), s4);
                s5 = Vector256.FusedMultiplyAdd(v, Vector256.Load(y + (5 * Lanes)), s5);
                s6 = Vector256.FusedMultiplyAdd(v, Vector256.Load(y + (6 * Lanes)), s6);
                s7 = Vector256.FusedMultiplyAdd(v, Vector256.Load(y + (7 * Lanes)), s7);
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
            Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
            float* x = a, y = b + j;
            for (nint l = 0; l < k; l++)
            {
                var v = Vector256.Create(*x);
                s0 = Vector256.FusedMultiplyAdd(v, Vector256.Load(y), s0);
                s1 = Vector256.FusedMultiplyAdd(v, Vector256.Load(y + Lanes), s1);
                s2 = Vector256.FusedMultiplyAdd(v, Vector256.Load(y + (2 * Lanes)), s2);
                s3 = Vector256.FusedMultiplyAdd(v, Vector256.Load(y + (3 * Lanes)), s3);
                x += aStep;
                y += bStep;
            }

            Store(c + j, s0, s1, accumulate);
            Store(c + j + (2 * Lanes), s2, s3, accumulate);
        }

        for (; j + Lanes <= n; j += Lanes)
        {
            Vector256<float> sum = default;
            float* x = a, y = b + j;
            for (nint l = 0; l < k; l++)
            {
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(*x), Vector256.Load(y), sum);
                x += aStep;
                y += bStep;
            }

            (accumulate ? sum + Vector256.Load(c + j) : sum).Store(c + j);
        }

        for (; j < n; j++)
        {
            var sum = 0f;
            for (nint l = 0; l < k; l++)
            {
                sum = float.FusedMultiplyAdd(a[l * aStep], b[(l * bStep) + j], sum);
            }

            c[j] = accumulate ? c[j] + sum : sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector256<float> x, Vector256<float> y, bool accumulate)
    {
        if (accumulate)
        {
            x += Vector256.Load(c);
            y += Vector256.Load(c + Lanes);
        }

        x.Store(c);
        y.Store(c + Lanes);
    }
}
