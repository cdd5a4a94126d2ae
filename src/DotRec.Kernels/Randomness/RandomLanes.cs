using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DotRec.Kernels;

/// <summary>
/// Eight streams of <see cref="SeededRandom"/>'s generator side by side: what is drawn for every value of a tensor must cost less than what is done with it.
/// The same seed gives the same numbers whatever the width of vectors.
/// </summary>
internal struct RandomLanes
{
    private Vector512<ulong> _s0;
    private Vector512<ulong> _s1;
    private Vector512<ulong> _s2;
    private Vector512<ulong> _s3;

    /// <summary>Starts from the next bits of <paramref name="random"/>.</summary>
    public RandomLanes(SeededRandom random)
    {
        _s0 = Draw(random);
        _s1 = Draw(random);
        _s2 = Draw(random);
        _s3 = Draw(random);
    }

    /// <summary>Uniform bits, 64 a lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<ulong> NextBits()
    {
        // xoshiro256**, times 5 and times 9 by shifts.
        var product = (_s1 << 2) + _s1;
        product = (product << 7) | (product >>> 57);
        var result = (product << 3) + product;
        var t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = (_s3 << 45) | (_s3 >>> 19);
        return result;
    }

    private static Vector512<ulong> Draw(SeededRandom random) => Vector512.Create(
        random.NextBits(), random.NextBits(), random.NextBits(), random.NextBits(), random.NextBits(), random.NextBits(), random.NextBits(), random.NextBits());
}
