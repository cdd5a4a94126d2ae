namespace DotRec.Kernels.Tests;

public sealed class InBatchSoftmaxKernelsTests
{
    private const int Dimension = 3;

    [Fact]
    public void By_hand_two_queries_two_candidates()
    {
        // Logits | 2 0 |: row losses log(e² + 1) − 2 = 0.126928 and log(e⁰ + e³) − 3 = 0.048587; gradients (p − 1, 1 − p) with
        //        | 0 3 |  1 − p = 0.119203 and 0.047426.
        float[] dq = new float[4], dc = new float[4];
        var batch = new InBatchSoftmaxBatch { Queries = [1, 0, 0, 1], Candidates = [2, 0, 0, 3], Dimension = 2, InverseTemperature = 1 };
        Assert.Equal(0.126928 + 0.048587, InBatchSoftmaxKernels.Compute(batch, dq, dc), 1e-5);
        Assert.Equal([-0.119203f * 2, 0.119203f * 3, 0.047426f * 2, -0.047426f * 3], dq, (x, y) => MathF.Abs(x - y) < 1e-5f);
        Assert.Equal([-0.119203f, 0.047426f, 0.119203f, -0.047426f], dc, (x, y) => MathF.Abs(x - y) < 1e-5f);
    }

    [Theory]
    [InlineData(1000, 1000, 32)]
    [InlineData(1700, 90, 20)]
    [InlineData(10, 3000, 64)]
    public void The_thread_count_does_not_change_a_bit(int rows, int columns, int dimension)
    {
        var random = new SeededRandom(9);
        float[] q = Draw(random, rows * dimension), c = Draw(random, columns * dimension);
        var positives = Enumerable.Range(0, rows).Select(_ => random.NextInt(columns)).ToArray();
        (double Loss, float[] Dq, float[] Dc)? first = null;
        foreach (var threads in new[] { 1, 2, 5 })
        {
            float[] dq = new float[q.Length], dc = new float[c.Length];
            var batch = new InBatchSoftmaxBatch { Queries = q, Candidates = c, Dimension = dimension, InverseTemperature = 5, Positives = positives };
            double loss;
            using (new ThreadCount(threads))
            {
                loss = InBatchSoftmaxKernels.Compute(batch, dq, dc);
            }

            first ??= (loss, dq, dc);
            Assert.Equal(first.Value.Loss, loss);
            Assert.Equal(first.Value.Dq, dq);
            Assert.Equal(first.Value.Dc, dc);
        }
    }

    [Fact]
    public void No_rows_have_no_loss_and_clear_the_gradient()
    {
        float[] dc = [1, 2, 3];
        var batch = new InBatchSoftmaxBatch { Queries = [], Candidates = [1, 2, 3], Dimension = Dimension, InverseTemperature = 1 };
        Assert.Equal(0, InBatchSoftmaxKernels.Compute(batch, [], dc));
        Assert.Equal([0f, 0f, 0f], dc);
    }

    [Fact]
    public void Parts_that_do_not_fit_are_refused_by_name()
    {
        float[] q = new float[2 * Dimension], c = new float[4 * Dimension];
        Refuses(
            "Without Positives, row i's positive is candidate i, but there are 4 queries and 2 candidates.",
            () => Compute(new() { Queries = c, Candidates = q, Dimension = Dimension, InverseTemperature = 1 }));
        Refuses(
            "Queries holds 5 values; a matrix of 1 x 3 was expected (3 values).",
            () => Compute(new() { Queries = q.AsSpan(1), Candidates = c, Dimension = Dimension, InverseTemperature = 1 }));
        Refuses(
            "InverseTemperature is 0; it must be positive and finite.",
            () => Compute(new() { Queries = q, Candidates = c, Dimension = Dimension, InverseTemperature = 0 }));
        Refuses(
            "Positives[1] is 4; there are 4 candidates.",
            () => Compute(new() { Queries = q, Candidates = c, Dimension = Dimension, InverseTemperature = 1, Positives = [3, 4] }));
        Refuses(
            "Weights holds 3 values; 2 were expected, or none.",
            () => Compute(new() { Queries = q, Candidates = c, Dimension = Dimension, InverseTemperature = 1, Weights = [1, 1, 1] }));
        Refuses(
            "Column 2 leads to column 1,",
            () => Compute(new() { Queries = q, Candidates = c, Dimension = Dimension, InverseTemperature = 1, NextEqualColumn = [1, 0, 1, 3] }));
        Refuses(
            "OwnPositives holds 3 values; a matrix of 2 x 3 was expected (6 values).",
            () => Compute(new() { Queries = q, Candidates = c, Dimension = Dimension, InverseTemperature = 1, OwnPositives = [1, 2, 3] }));
        Refuses(
            "LeftOut[1] is 4; there are 4 candidates, and −1 stands for none.",
            () => Compute(new() { Queries = q, Candidates = c, Dimension = Dimension, InverseTemperature = 1, OwnPositives = q, LeftOut = [-1, 4] }));
        Refuses(
            "Positives, PositiveBias and NextEqualColumn speak of positives among the candidates; OwnPositives are none.",
            () => Compute(new() { Queries = q, Candidates = c, Dimension = Dimension, InverseTemperature = 1, OwnPositives = q, Positives = [1, 2] }));
    }

    [Fact]
    public void Equal_columns_form_one_circle_each()
    {
        var random = new SeededRandom(2);
        var ids = Enumerable.Range(0, 200).Select(_ => random.NextInt(30) - 15).ToArray();
        var next = new int[ids.Length];
        EqualColumns.Link(ids, next);
        EqualColumns.Check(next);
        for (var j = 0; j < ids.Length; j++)
        {
            var circle = new List<int> { j };
            for (var i = next[j]; i != j; i = next[i])
            {
                circle.Add(i);
            }

            Assert.Equal(Enumerable.Range(0, ids.Length).Where(i => ids[i] == ids[j]), circle.Order());
        }
    }

    private static void Compute(InBatchSoftmaxBatch batch) => InBatchSoftmaxKernels.Compute(batch, [], []);

    private static void Refuses(string message, Action compute) =>
        Assert.StartsWith(message, Assert.ThrowsAny<ArgumentException>(compute).Message, StringComparison.Ordinal);

    private static float[] Draw(SeededRandom random, int length)
    {
        var values = new float[length];
        foreach (ref var value in values.AsSpan())
        {
            value = (2 * random.NextSingle()) - 1;
        }

        return values;
    }
}
