using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>
/// Dropout of attention weights: which of a row's weights a training step leaves out, and by what the others are divided. Drawn for each position and head
/// from the seed alone and counted from the beginning of the sequence, so that the backward pass draws the same again.
/// </summary>
internal readonly struct AttentionDropout
{
    private const int Lanes = 16;

    private readonly float _scale;
    private readonly uint _threshold;
    private readonly ulong _seed;

    /// <param name="rate">Probability that a weight is left out, at least 0 and less than 1.</param>
    /// <param name="seed">The same seed leaves the same weights out.</param>
    public AttentionDropout(float rate, ulong seed)
    {
        _threshold = (uint)(rate * 4294967296.0);
        _scale = 1f / (1f - rate);
        _seed = seed;
    }

    /// <summary>False where nothing is left out.</summary>
    public bool IsActive => _threshold > 0;

    /// <summary>Factors of a row's weights: 0 or 1 / (1 − rate), a value for each position from the first of its sequence to the row's own.</summary>
    public void Draw(int position, int head, int heads, Span<float> factors)
    {
        var random = new RandomLanes(new SeededRandom(_seed).Stream((ulong)(((long)position * heads) + head)));
        var whole = factors.Length - (factors.Length % Lanes);
        for (var i = 0; i < whole; i += Lanes)
        {
            Next(ref random).CopyTo(factors[i..]);
        }

        if (whole < factors.Length)
        {
            Span<float> last = stackalloc float[Lanes];
            Next(ref random).CopyTo(last);
            last[..(factors.Length - whole)].CopyTo(factors[whole..]);
        }
    }

    // Each draw of 64 bits serves two values.
    private Vector512<float> Next(ref RandomLanes random) => Vector512.ConditionalSelect(
        Vector512.GreaterThanOrEqual(random.NextBits().AsUInt32(), Vector512.Create(_threshold)).AsSingle(), Vector512.Create(_scale), Vector512<float>.Zero);
}
