using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public class BprModelTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(5, 0.0f)]
    [InlineData(33, 0.1f)]
    public void A_step_is_that_of_the_double_oracle(int dimension, float regularization)
    {
        // One item is not in the history, so that it is what every choice is compared with.
        const int Items = 4;
        const float Rate = 0.2f;
        BprRun Make() => new(Histories.Of(Items, [[0, 1, 3]]), dimension, Rate, regularization, seed: 5);
        var (inputs, items) = Make().Finish();
        var run = Make();
        run.RunRound(0, Token);
        var (inputsAfter, itemsAfter) = run.Finish();

        // Held at 0 once for each choice that it takes part in.
        void Step(ref double value, double push) => value = (value * (1 - (Rate * regularization))) + push;
        int[] history = [0, 1, 3];
        double Y(int item, int k) => inputs[(item * dimension) + k];
        double V(int item, int k) => items[(item * (dimension + 1)) + k];
        var expectedInputs = inputs.Select(value => (double)value).ToArray();
        var expectedItems = items.Select(value => (double)value).ToArray();
        foreach (var item in history)
        {
            var query = Enumerable.Range(0, dimension).Select(k => history.Where(other => other != item).Sum(other => Y(other, k)) / Math.Sqrt(2)).ToArray();
            var difference = Enumerable.Range(0, dimension).Sum(k => query[k] * (V(item, k) - V(2, k)));
            var slope = Rate / (1 + Math.Exp(difference));
            for (var k = 0; k <= dimension; k++)
            {
                var push = k == dimension ? slope : slope * query[k];
                Step(ref expectedItems[(item * (dimension + 1)) + k], push);
                Step(ref expectedItems[(2 * (dimension + 1)) + k], -push);
                foreach (var other in history.Where(other => other != item && k < dimension))
                {
                    expectedInputs[(other * dimension) + k] += slope * (V(item, k) - V(2, k)) / Math.Sqrt(2);
                }
            }

            for (var k = 0; k < dimension; k++)
            {
                expectedInputs[(item * dimension) + k] -= Rate * regularization * Y(item, k);
            }
        }

        Assert.Equal(expectedInputs, Array.ConvertAll(inputsAfter, value => (double)value), (x, y) => Math.Abs(x - y) < 1e-6);
        Assert.Equal(expectedItems, Array.ConvertAll(itemsAfter, value => (double)value), (x, y) => Math.Abs(x - y) < 1e-6);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit_and_the_seed_does()
    {
        float[] Fitted(int threads, ulong seed)
        {
            var before = Parallelism.MaxDegreeOfParallelism;
            Parallelism.MaxDegreeOfParallelism = threads;
            try
            {
                var model = new BprModel { Dimension = 9, Rounds = 3, Seed = seed };
                model.Fit(GeneratedHistories.Make(2000), cancellationToken: Token);
                return model.ItemEmbeddings.ToArray();
            }
            finally
            {
                Parallelism.MaxDegreeOfParallelism = before;
            }
        }

        Assert.Equal(Fitted(1, 1), Fitted(4, 1));
        Assert.NotEqual(Fitted(1, 1), Fitted(1, 2));
    }

    [Fact]
    public void Queries_that_were_not_learned_from_are_answered_better_than_by_popularity()
    {
        // Ten groups of ten items; a query chooses in one of them.
        static Histories Groups(int queries, ulong seed)
        {
            var random = new SeededRandom(seed);
            return Histories.Of(100, [.. Enumerable.Range(0, queries).Select(_ =>
            {
                var group = random.NextInt(10);
                return (IReadOnlyList<int>)Enumerable.Range(0, 6).Select(_ => (10 * group) + random.NextInt(10)).Distinct().ToArray();
            })]);
        }

        var model = new BprModel { Dimension = 16, Rounds = 60 };
        model.Fit(Groups(800, 1), cancellationToken: Token);
        var split = new LeaveLastOut(Groups(200, 2));
        var hits = model.Evaluate(split.Test, [10], Token).ExcludingSeen.HitRate[10];
        Assert.InRange(hits, 0.9, 1);
    }

    [Fact]
    public void A_query_is_the_scaled_sum_of_its_different_items_and_popularity_decides_without_any()
    {
        var model = new BprModel { Dimension = 7, Rounds = 5 };
        model.Fit(GeneratedHistories.Make(500), cancellationToken: Token);
        var (first, second) = (model.Embed([4]), model.Embed([11]));
        var both = model.Embed([11, 4, 11]);
        Assert.Equal(first.Zip(second).Take(7).Select(pair => (pair.First + pair.Second) / MathF.Sqrt(2)), both[..7], (x, y) => MathF.Abs(x - y) < 1e-6f);
        Assert.Equal(1, both[7]);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 1], model.Embed([]));
        Assert.Equal(Enumerable.Range(0, 40).Select(item => model.ItemEmbeddings.Span[(item * 8) + 7]), model.Score([]));
    }

    [Fact]
    public void Histories_of_everything_or_of_one_item_do_no_harm()
    {
        var model = new BprModel { Dimension = 4, Rounds = 20 };
        model.Fit(Histories.Of(3, [[0, 1, 2], [1], [], [1, 2], [1]]), cancellationToken: Token);
        var scores = model.Score([]);
        Assert.All(model.ItemEmbeddings.ToArray(), value => Assert.True(float.IsFinite(value)));
        Assert.Equal(scores.Max(), scores[1]);
        Assert.StartsWith("The model was not fit.", Assert.Throws<InvalidOperationException>(() => new BprModel().Embed([1])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BprModel { LearningRate = 0 });
    }

    [Fact]
    public void Long_histories_stay_finite_at_large_steps()
    {
        var random = new SeededRandom(1);
        var histories = Histories.Of(3000, [.. Enumerable.Range(0, 20).Select(_ => (IReadOnlyList<int>)Enumerable.Range(0, 2500).Select(_ => random.NextInt(3000)).ToArray())]);
        var model = new BprModel { Dimension = 8, Rounds = 10, LearningRate = 0.2 };
        model.Fit(histories, cancellationToken: Token);
        Assert.All(model.ItemEmbeddings.ToArray(), value => Assert.InRange(MathF.Abs(value), 0, 100));
    }
}
