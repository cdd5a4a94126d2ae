namespace DotRec.Testing;

/// <summary>
/// The numbers of numpy's RandomState(seed), bit for bit: MT19937, 53-bit uniforms, polar normals and masked-rejection integers.
/// It lets tests repeat published cases from their seeds.
/// </summary>
public sealed class NumpyRandom
{
    private const int Size = 624;
    private readonly uint[] _state = new uint[Size];
    private int _next = Size;
    private double? _spareNormal;

    public NumpyRandom(uint seed)
    {
        _state[0] = seed;
        for (uint i = 1; i < Size; i++)
        {
            _state[i] = (1812433253u * (_state[i - 1] ^ (_state[i - 1] >> 30))) + i;
        }
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform()
    {
        var high = NextBits() >> 5;
        var low = NextBits() >> 6;
        return ((high * 67108864.0) + low) / 9007199254740992.0;
    }

    /// <summary>Standard normal; the second of each pair is kept for the next call.</summary>
    public double Normal()
    {
        if (_spareNormal is { } spare)
        {
            _spareNormal = null;
            return spare;
        }

        double x1, x2, square;
        do
        {
            x1 = (2 * Uniform()) - 1;
            x2 = (2 * Uniform()) - 1;
            square = (x1 * x1) + (x2 * x2);
        }
        while (square >= 1 || square == 0);
        var factor = Math.Sqrt(-2 * Math.Log(square) / square);
        _spareNormal = factor * x1;
        return factor * x2;
    }

    /// <summary>Uniform integer in 0 … bound − 1.</summary>
    public int Integer(int bound) => (int)Masked((uint)bound - 1);

    /// <summary>A random permutation of 0 … count − 1.</summary>
    public int[] Permutation(int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = (int)Masked((uint)i);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    /// <summary>Normals as float32, drawn in double first.</summary>
    public float[] Normals(int count) => Draw(count, () => (float)Normal());

    /// <summary>Uniforms as float32, drawn in double first.</summary>
    public float[] Uniforms(int count) => Draw(count, () => (float)Uniform());

    /// <summary>Integers in 0 … bound − 1.</summary>
    public int[] Integers(int bound, int count) => Draw(count, () => Integer(bound));

    private static T[] Draw<T>(int count, Func<T> draw)
    {
        var values = new T[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = draw();
        }

        return values;
    }

    private uint Masked(uint maximum)
    {
        if (maximum == 0)
        {
            return 0;
        }

        var mask = uint.MaxValue >> System.Numerics.BitOperations.LeadingZeroCount(maximum);
        uint value;
        do
        {
            value = NextBits() & mask;
        }
        while (value > maximum);
        return value;
    }

    private uint NextBits()
    {
        if (_next == Size)
        {
            for (var i = 0; i < Size; i++)
            {
                var y = (_state[i] & 0x80000000u) | (_state[(i + 1) % Size] & 0x7FFFFFFFu);
                _state[i] = _state[(i + 397) % Size] ^ (y >> 1) ^ ((y & 1) != 0 ? 0x9908B0DFu : 0);
            }

            _next = 0;
        }

        var bits = _state[_next++];
        bits ^= bits >> 11;
        bits ^= (bits << 7) & 0x9D2C5680u;
        bits ^= (bits << 15) & 0xEFC60000u;
        return bits ^ (bits >> 18);
    }
}
