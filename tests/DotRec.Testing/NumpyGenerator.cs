using System.Numerics;

namespace DotRec.Testing;

/// <summary>
/// The numbers of numpy's default_rng(seed): PCG64 (O'Neill, 2014) seeded by SeedSequence, normals by the ziggurat of 256 layers, bounded
/// integers by Lemire's method. It lets tests repeat published cases from their seeds.
/// </summary>
public sealed class NumpyGenerator
{
    private const double ZigguratEdge = 3.6541528853610088;
    private const double ZigguratArea = 0.004928673233974658;

    private static readonly UInt128 Multiplier = new(0x2360ED051FC65DA4UL, 0x4385DF649FCCF645UL);
    private static readonly (double[] Width, ulong[] Inside, double[] Density) Ziggurat = Layers();

    private readonly UInt128 _increment;
    private UInt128 _state;
    private uint? _spareBits;

    public NumpyGenerator(uint seed)
    {
        var words = SeedSequence(seed);
        _increment = (new UInt128(words[2], words[3]) << 1) | 1;
        Step();
        _state += new UInt128(words[0], words[1]);
        Step();
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => (NextBits() >> 11) * (1.0 / 9007199254740992.0);

    /// <summary>Standard normal.</summary>
    public double Normal()
    {
        while (true)
        {
            var bits = NextBits();
            var layer = (int)(bits & 0xFF);
            var isNegative = ((bits >> 8) & 1) != 0;
            var magnitude = (bits >> 9) & 0x000FFFFFFFFFFFFF;
            var x = magnitude * Ziggurat.Width[layer];
            if (magnitude < Ziggurat.Inside[layer])
            {
                return isNegative ? -x : x;
            }

            if (layer == 0)
            {
                return Tail(((magnitude >> 8) & 1) != 0);
            }

            var (upper, lower) = (Ziggurat.Density[layer - 1], Ziggurat.Density[layer]);
            if (((upper - lower) * Uniform()) + lower < Math.Exp(-0.5 * x * x))
            {
                return isNegative ? -x : x;
            }
        }
    }

    /// <summary>Normals as float32, drawn in double first.</summary>
    public float[] Normals(int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (float)Normal();
        }

        return values;
    }

    /// <summary>Uniform integer in 0 … bound − 1.</summary>
    public int Integer(int bound)
    {
        var product = (ulong)NextHalf() * (uint)bound;
        if ((uint)product < (uint)bound)
        {
            var threshold = (uint)-bound % (uint)bound;
            while ((uint)product < threshold)
            {
                product = (ulong)NextHalf() * (uint)bound;
            }
        }

        return (int)(product >> 32);
    }

    private double Tail(bool isNegative)
    {
        while (true)
        {
            var x = -Math.Log(1 - Uniform()) / ZigguratEdge;
            var y = -Math.Log(1 - Uniform());
            if (y + y > x * x)
            {
                return isNegative ? -(ZigguratEdge + x) : ZigguratEdge + x;
            }
        }
    }

    private ulong NextBits()
    {
        Step();
        var (high, low) = ((ulong)(_state >> 64), (ulong)_state);
        return BitOperations.RotateRight(high ^ low, (int)(high >> 58));
    }

    /// <summary>32 bits: the lower half of a draw, then its upper half.</summary>
    private uint NextHalf()
    {
        if (_spareBits is { } spare)
        {
            _spareBits = null;
            return spare;
        }

        var bits = NextBits();
        _spareBits = (uint)(bits >> 32);
        return (uint)bits;
    }

    private void Step() => _state = (_state * Multiplier) + _increment;

    private static ulong[] SeedSequence(uint seed)
    {
        Span<uint> pool = [seed, 0, 0, 0];
        var hash = 0x43B0D7E5u;
        for (var i = 0; i < pool.Length; i++)
        {
            pool[i] = Hash(pool[i], ref hash, 0x931E8875u);
        }

        for (var source = 0; source < pool.Length; source++)
        {
            for (var target = 0; target < pool.Length; target++)
            {
                if (source != target)
                {
                    var mixed = (0xCA01F9DDu * pool[target]) - (0x4973F715u * Hash(pool[source], ref hash, 0x931E8875u));
                    pool[target] = mixed ^ (mixed >> 16);
                }
            }
        }

        var words = new ulong[4];
        hash = 0x8B51F9DDu;
        for (var i = 0; i < 8; i++)
        {
            words[i / 2] |= (ulong)Hash(pool[i % 4], ref hash, 0x58F38DEDu) << (32 * (i % 2));
        }

        return words;
    }

    private static uint Hash(uint value, ref uint hash, uint multiplier)
    {
        value ^= hash;
        hash *= multiplier;
        value *= hash;
        return value ^ (value >> 16);
    }

    // Marsaglia and Tsang, 2000, with 52-bit magnitudes.
    private static (double[] Width, ulong[] Inside, double[] Density) Layers()
    {
        const double Scale = 4503599627370496.0;
        var (width, inside, density) = (new double[256], new ulong[256], new double[256]);
        var edge = ZigguratEdge;
        var last = edge;
        var bottom = ZigguratArea / Math.Exp(-0.5 * edge * edge);
        inside[0] = (ulong)(edge / bottom * Scale);
        width[0] = bottom / Scale;
        width[255] = edge / Scale;
        density[0] = 1;
        density[255] = Math.Exp(-0.5 * edge * edge);
        for (var i = 254; i >= 1; i--)
        {
            edge = Math.Sqrt(-2 * Math.Log((ZigguratArea / edge) + Math.Exp(-0.5 * edge * edge)));
            inside[i + 1] = (ulong)(edge / last * Scale);
            last = edge;
            density[i] = Math.Exp(-0.5 * edge * edge);
            width[i] = edge / Scale;
        }

        return (width, inside, density);
    }
}
