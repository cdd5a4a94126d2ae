using System.Numerics;

namespace DotRec.Kernels.Tests;

public sealed class RandomLanesTests
{
    [Fact]
    public void Every_lane_is_the_generator_from_its_own_start()
    {
        // The states are drawn one word of all lanes after another.
        var random = new SeededRandom(11);
        var states = new ulong[4, 8];
        for (var word = 0; word < 4; word++)
        {
            for (var lane = 0; lane < 8; lane++)
            {
                states[word, lane] = random.NextBits();
            }
        }

        var lanes = new RandomLanes(new SeededRandom(11));
        for (var step = 0; step < 100; step++)
        {
            var bits = lanes.NextBits();
            for (var lane = 0; lane < 8; lane++)
            {
                Assert.Equal(Next(states, lane), bits[lane]);
            }
        }
    }

    // xoshiro256** as its authors wrote it.
    private static ulong Next(ulong[,] s, int lane)
    {
        var result = BitOperations.RotateLeft(s[1, lane] * 5, 7) * 9;
        var t = s[1, lane] << 17;
        s[2, lane] ^= s[0, lane];
        s[3, lane] ^= s[1, lane];
        s[1, lane] ^= s[2, lane];
        s[0, lane] ^= s[3, lane];
        s[2, lane] ^= t;
        s[3, lane] = BitOperations.RotateLeft(s[3, lane], 45);
        return result;
    }
}
