using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public sealed class IalsModelTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(4)]
    [InlineData(25)]
    public void A_query_vector_minimizes_the_objective_of_its_history(int dimension)
    {
        var histories = GeneratedHistories.Make();
        var model = new IalsModel { Dimension = dimension, UnobservedWeight = 0.2, Regularization = 0.01, Rounds = 3 };
        model.Fit(histories, progress: null, Token);

        var items = Enumerable.Range(0, 40).Select(item => model.ItemEmbeddings.Span.Slice(item * dimension, dimension).ToArray()).ToArray();
        foreach (var history in new int[][] { [3], [1, 5, 9], [.. Enumerable.Range(0, 30)] })
        {
            var vector = model.Embed(history);
            var strength = 0.01 * (history.Length + (0.2 * 40));

            // The gradient: Σ over the history (u·v − 1)·v + α Σ over all (u·v)·v + λ·u = 0.
            for (var d = 0; d < dimension; d++)
            {
                var gradient = history.Sum(item => (Dot(vector, items[item]) - 1) * items[item][d]) + (0.2 * items.Sum(item => Dot(vector, item) * item[d])) + (strength * vector[d]);
                Assert.InRange(gradient, -1e-4, 1e-4);
            }
        }

        static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();
    }

    [Fact]
    public void Every_round_lowers_the_objective()
    {
        var histories = GeneratedHistories.Make();
        var objectives = new[] { 1, 2, 4, 8 }.Select(rounds =>
        {
            var model = new IalsModel { Dimension = 6, Rounds = rounds };
            model.Fit(histories, progress: null, Token);
            return Objective(model, histories);
        }).ToArray();
        Assert.Equal(objectives.OrderDescending(), objectives);
    }

    [Fact]
    public void It_beats_popularity_and_has_the_same_bits_at_any_number_of_threads()
    {
        var split = new LeaveLastOut(GeneratedHistories.Make(queries: 2000, seed: 7));
        var threads = Parallelism.MaxDegreeOfParallelism;
        try
        {
            var models = new[] { 1, 3 }.Select(count =>
            {
                Parallelism.MaxDegreeOfParallelism = count;
                var model = new IalsModel { Dimension = 16 };
                model.Fit(split.TrainAndValidation, progress: null, Token);
                return model;
            }).ToArray();
            Assert.Equal(models[0].ItemEmbeddings.ToArray(), models[1].ItemEmbeddings.ToArray());
            var popularity = new PopularityModel();
            popularity.Fit(split.TrainAndValidation, progress: null, Token);
            Assert.True(models[0].Evaluate(split.Test, default, Token).ExcludingSeen.HitRate[10] > 1.2 * popularity.Evaluate(split.Test, default, Token).ExcludingSeen.HitRate[10]);
        }
        finally
        {
            Parallelism.MaxDegreeOfParallelism = threads;
        }
    }

    [Fact]
    public void An_empty_history_has_no_vector_and_settings_are_checked()
    {
        var model = new IalsModel { Dimension = 3, Rounds = 1 };
        model.Fit(GeneratedHistories.Make(), progress: null, Token);
        Assert.Equal([0, 0, 0], model.Embed([]));
        Assert.Equal(model.Embed([2, 7]), model.Embed([7, 2, 2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IalsModel { Dimension = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new IalsModel { UnobservedWeight = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new IalsModel { Regularization = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new IalsModel { Rounds = 0 });
    }

    private static double Objective(IalsModel model, Histories histories)
    {
        // With the queries' vectors at their optimum.
        var (loss, counts, d) = (0.0, histories.Distinct().CountItems(), model.Dimension);
        for (var query = 0; query < histories.Count; query++)
        {
            var had = histories.Of(query).ToArray().Distinct().ToArray();
            var vector = model.Embed(had);
            for (var item = 0; item < 40; item++)
            {
                var score = vector.Zip(model.ItemEmbeddings.Span.Slice(item * d, d).ToArray(), (x, y) => (double)x * y).Sum();
                loss += (had.Contains(item) ? (1 - score) * (1 - score) : 0) + (model.UnobservedWeight * score * score);
            }

            loss += model.Regularization * (had.Length + (model.UnobservedWeight * 40)) * vector.Sum(value => (double)value * value);
        }

        for (var item = 0; item < 40; item++)
        {
            loss += model.Regularization * (counts[item] + (model.UnobservedWeight * histories.Count)) * model.ItemEmbeddings.Span.Slice(item * d, d).ToArray().Sum(value => (double)value * value);
        }

        return loss;
    }
}
