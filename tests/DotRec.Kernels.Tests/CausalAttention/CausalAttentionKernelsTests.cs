namespace DotRec.Kernels.Tests;

public sealed class CausalAttentionKernelsTests
{
    [Fact]
    public void By_hand_two_positions()
    {
        // Queries 0 and 1, keys 0 and ln 3, values 10 and 20: the second position sees both with weights 1/4 and 3/4.
        float[] output = new float[2], logSums = new float[2], gradient = new float[6];
        var batch = new CausalAttentionBatch
        {
            QueriesKeysValues = [0, 0, 10, 1, MathF.Log(3), 20],
            Offsets = [0, 2],
            Dimension = 1,
            Heads = 1,
        };
        CausalAttentionKernels.Compute(batch, output, logSums);
        Assert.Equal([10f, 17.5f], output, (x, y) => MathF.Abs(x - y) < 1e-5f);
        Assert.Equal([0f, MathF.Log(4)], logSums, (x, y) => MathF.Abs(x - y) < 1e-6f);

        // d output[1] / d value = (1/4, 3/4), / d logit = p·(v − 17.5) = (−1.875, 1.875); logit j = query · key j.
        CausalAttentionKernels.Differentiate(batch, output, logSums, [0, 1], gradient);
        Assert.Equal([0f, -1.875f, 0.25f, 1.875f * MathF.Log(3), 1.875f, 0.75f], gradient, (x, y) => MathF.Abs(x - y) < 1e-5f);
    }

    [Fact]
    public void The_thread_count_does_not_change_a_bit()
    {
        var random = new SeededRandom(2);
        int[] lengths = [200, 3, 1, 0, 50, 120, 7, 300, 2, 2, 2, 90];
        var offsets = new int[lengths.Length + 1];
        for (var i = 0; i < lengths.Length; i++)
        {
            offsets[i + 1] = offsets[i] + lengths[i];
        }

        var draw = (int length) => Enumerable.Range(0, length).Select(_ => (float)random.NextNormal()).ToArray();
        float[] inputs = draw(offsets[^1] * 96), seed = draw(offsets[^1] * 32);
        (float[] Output, float[] Gradient)? first = null;
        foreach (var threads in new[] { 1, 2, 5 })
        {
            float[] output = new float[seed.Length], logSums = new float[offsets[^1] * 2], gradient = new float[inputs.Length];
            var batch = new CausalAttentionBatch { QueriesKeysValues = inputs, Offsets = offsets, Dimension = 32, Heads = 2 };
            using (new ThreadCount(threads))
            {
                CausalAttentionKernels.Compute(batch, output, logSums);
                CausalAttentionKernels.Differentiate(batch, output, logSums, seed, gradient);
            }

            first ??= (output, gradient);
            Assert.Equal(first.Value.Output, output);
            Assert.Equal(first.Value.Gradient, gradient);
        }
    }

    [Fact]
    public void No_positions_are_no_work()
    {
        foreach (var offsets in new int[][] { [0], [0, 0, 0] })
        {
            var batch = new CausalAttentionBatch { QueriesKeysValues = [], Offsets = offsets, Dimension = 4, Heads = 2 };
            CausalAttentionKernels.Compute(batch, [], []);
            CausalAttentionKernels.Differentiate(batch, [], [], [], []);
        }
    }

    [Fact]
    public void Parts_that_do_not_fit_are_refused_by_name()
    {
        Refuses("Dimension is 3; 2 heads share it evenly, so it must be a multiple of 2.", new float[9], [0, 1], 3, 2, 3);
        Refuses("Offsets must start at 0 and end at 2, the number of positions.", new float[12], [0, 1], 2, 1, 4);
        Refuses("Offsets fall from 3 to 1 at sequence 1; they must never fall.", new float[12], [0, 3, 1, 2], 2, 1, 4);
        Refuses("output holds 3 values; a matrix of 2 x 2 was expected (4 values). (Parameter 'output')", new float[12], [0, 2], 2, 1, 3);
    }

    private static void Refuses(string message, float[] inputs, int[] offsets, int dimension, int heads, int outputLength) => Assert.Equal(
        message,
        Assert.ThrowsAny<ArgumentException>(() => CausalAttentionKernels.Compute(
            new CausalAttentionBatch { QueriesKeysValues = inputs, Offsets = offsets, Dimension = dimension, Heads = heads },
            new float[outputLength], new float[offsets[^1] * heads])).Message);
}
