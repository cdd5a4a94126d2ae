using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>One product to check: shape, transpositions, and gaps between the rows of A, B and C that nobody may touch.</summary>
internal sealed record GemmCase(int M, int N, int K, bool TransposeA, bool TransposeB, bool Accumulate, int GapA, int GapB, int GapC, int Seed)
{
    public int Lda => (TransposeA ? M : K) + GapA;

    public int Ldb => (TransposeB ? K : N) + GapB;

    public int Ldc => N + GapC;

    public (float[] A, float[] B, float[] C) Operands(Func<int, int, float[]> draw) =>
        (draw((TransposeA ? K : M) * Lda, Seed), draw((TransposeB ? N : K) * Ldb, Seed + 1), draw(M * Ldc, Seed + 2));

    /// <summary>The triple loop in double, and Σ|aᵢₗ·bₗⱼ| (+ |cᵢⱼ|), which bounds the error. Values in the gaps stay.</summary>
    public (double[] Value, double[] Size) Expected(float[] a, float[] b, float[] c)
    {
        var value = Array.ConvertAll(c, x => (double)x);
        var size = Array.ConvertAll(c, x => Math.Abs((double)x));
        for (var i = 0; i < M; i++)
        {
            for (var j = 0; j < N; j++)
            {
                var at = (i * Ldc) + j;
                if (!Accumulate)
                {
                    (value[at], size[at]) = (0, 0);
                }

                for (var l = 0; l < K; l++)
                {
                    var term = (double)a[TransposeA ? (l * Lda) + i : (i * Lda) + l] * b[TransposeB ? (j * Ldb) + l : (l * Ldb) + j];
                    value[at] += term;
                    size[at] += Math.Abs(term);
                }
            }
        }

        return (value, size);
    }

    public unsafe void OnOperands(float[] a, float[] b, float[] c, Action<GemmOperands> multiply)
    {
        fixed (float* pa = a, pb = b, pc = c)
        {
            multiply(new GemmOperands
            {
                A = pa,
                B = pb,
                C = pc,
                ARow = TransposeA ? 1 : Lda,
                AStep = TransposeA ? Lda : 1,
                BStep = TransposeB ? 1 : Ldb,
                BColumn = TransposeB ? Ldb : 1,
                Ldc = Ldc,
                M = M,
                N = N,
                K = K,
                Accumulate = Accumulate,
            });
        }
    }
}
