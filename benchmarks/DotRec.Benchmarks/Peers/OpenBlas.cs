using System.Runtime.InteropServices;

namespace DotRec.Benchmarks;

/// <summary>OpenBLAS of the operating system (Debian: libopenblas0-pthread), as a yardstick. OPENBLAS_CORETYPE=Haswell forces its AVX2 path.</summary>
internal static unsafe partial class OpenBlas
{
    private const string Library = "libopenblas.so.0";
    private const int RowMajor = 101;
    private const int NoTranspose = 111;
    private const int Transpose = 112;

    /// <summary>The name of the code path in use, or null where the library is absent.</summary>
    public static string? CoreName()
    {
        if (!NativeLibrary.TryLoad(Library, typeof(OpenBlas).Assembly, null, out var handle))
        {
            return null;
        }

        NativeLibrary.Free(handle);
        return Marshal.PtrToStringAnsi(openblas_get_corename());
    }

    public static void SetThreads(int threads) => openblas_set_num_threads(threads);

    public static void Multiply(bool transposeA, bool transposeB, int m, int n, int k, float[] a, int lda, float[] b, int ldb, float[] c, int ldc)
    {
        fixed (float* pa = a, pb = b, pc = c)
        {
            cblas_sgemm(RowMajor, transposeA ? Transpose : NoTranspose, transposeB ? Transpose : NoTranspose, m, n, k, 1f, pa, lda, pb, ldb, 0f, pc, ldc);
        }
    }

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint openblas_get_corename();

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void openblas_set_num_threads(int threads);

    [LibraryImport(Library)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void cblas_sgemm(
        int order, int transposeA, int transposeB, int m, int n, int k, float alpha, float* a, int lda, float* b, int ldb, float beta, float* c, int ldc);
}
