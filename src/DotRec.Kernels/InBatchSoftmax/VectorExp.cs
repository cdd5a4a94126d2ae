using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>
/// eˣ for x ≤ 88, within 2 units in the last place: x = n·ln 2 + r with |r| ≤ ln 2 / 2, a polynomial for eʳ (the minimax coefficients of
/// Cephes' expf, Moshier 1992), and n added to the exponent bits. Below ln of the smallest normal number the result is exactly 0, so a
/// logit of −∞ leaves its column out; NaN stays NaN.
/// </summary>
/// <remarks>TensorPrimitives.Exp works on spans only: here the values must stay in registers between subtraction, exponential and sum.</remarks>
internal static class VectorExp
{
    private const float Smallest = -87.3f;
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts: n times the first is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;
    private const float C2 = 5.0000001201e-1f;
    private const float C3 = 1.6666665459e-1f;
    private const float C4 = 4.1665795894e-2f;
    private const float C5 = 8.3334519073e-3f;
    private const float C6 = 1.3981999507e-3f;
    private const float C7 = 1.9875691500e-4f;
    private const int MantissaBits = 23;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        var n = Vector512.Round(x * Log2E);
        var r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-Ln2High), x);
        r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-Ln2Low), r);
        var p = Vector512.MultiplyAddEstimate(Vector512.Create(C7), r, Vector512.Create(C6));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(C5));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(C4));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(C3));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(C2));
        p = Vector512.MultiplyAddEstimate(p, r * r, r + Vector512<float>.One);
        var scaled = p.AsInt32() + (Vector512.ConvertToInt32Native(n) << MantissaBits);
        return Vector512.AndNot(scaled.AsSingle(), Vector512.LessThan(x, Vector512.Create(Smallest)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        var n = Vector256.Round(x * Log2E);
        var r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-Ln2High), x);
        r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-Ln2Low), r);
        var p = Vector256.MultiplyAddEstimate(Vector256.Create(C7), r, Vector256.Create(C6));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(C5));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(C4));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(C3));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(C2));
        p = Vector256.MultiplyAddEstimate(p, r * r, r + Vector256<float>.One);
        var scaled = p.AsInt32() + (Vector256.ConvertToInt32Native(n) << MantissaBits);
        return Vector256.AndNot(scaled.AsSingle(), Vector256.LessThan(x, Vector256.Create(Smallest)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Exp(Vector128<float> x)
    {
        var n = Vector128.Round(x * Log2E);
        var r = Vector128.MultiplyAddEstimate(n, Vector128.Create(-Ln2High), x);
        r = Vector128.MultiplyAddEstimate(n, Vector128.Create(-Ln2Low), r);
        var p = Vector128.MultiplyAddEstimate(Vector128.Create(C7), r, Vector128.Create(C6));
        p = Vector128.MultiplyAddEstimate(p, r, Vector128.Create(C5));
        p = Vector128.MultiplyAddEstimate(p, r, Vector128.Create(C4));
        p = Vector128.MultiplyAddEstimate(p, r, Vector128.Create(C3));
        p = Vector128.MultiplyAddEstimate(p, r, Vector128.Create(C2));
        p = Vector128.MultiplyAddEstimate(p, r * r, r + Vector128<float>.One);
        var scaled = p.AsInt32() + (Vector128.ConvertToInt32Native(n) << MantissaBits);
        return Vector128.AndNot(scaled.AsSingle(), Vector128.LessThan(x, Vector128.Create(Smallest)));
    }
}
