using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

public sealed class ItemToItemModelTests
{
    private static readonly Histories Generated = GeneratedHistories.Make();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Item_knn_weighs_by_the_shrunk_cosine_of_who_had_both()
    {
        var model = new ItemKnnModel { Shrinkage = 5 };
        model.Fit(Generated, progress: null, Token);

        var sets = GeneratedHistories.Sets(Generated);
        var counts = Enumerable.Range(0, 40).Select(item => sets.Sum(set => set[item])).ToArray();
        AssertWeights(model, (i, j) => i == j ? 0 : sets.Sum(set => set[i] * set[j]) / (Math.Sqrt(counts[i] * counts[j]) + 5));
    }

    [Fact]
    public void Sequential_rules_count_what_came_after_nearer_ones_more()
    {
        var model = new SequentialRulesModel { Steps = 3 };
        model.Fit(Generated, progress: null, Token);

        var counts = Generated.CountItems();
        AssertWeights(model, (i, j) => Lists(Generated).Sum(history => history.Index().Where(at => at.Item == i).Sum(
            at => history.Skip(at.Index + 1).Take(3).Index().Where(after => after.Item == j).Sum(after => 1.0 / (after.Index + 1)))) / counts[i]);
    }

    [Fact]
    public void Ease_is_its_closed_form()
    {
        var model = new EaseModel { Regularization = 30 };
        model.Fit(Generated, progress: null, Token);

        var sets = GeneratedHistories.Sets(Generated);
        var inverse = DenseOracle.Solve(Matrix(40, (i, j) => sets.Sum(set => set[i] * set[j]) + (i == j ? 30 : 0)), Matrix(40, (i, j) => i == j ? 1 : 0));
        AssertWeights(model, (i, j) => i == j ? 0 : -inverse[i][j] / inverse[j][j]);
    }

    [Theory]
    [InlineData(0.6)]
    [InlineData(1)]
    public void The_linear_transition_is_the_ridge_regression_of_what_came_next(double decay)
    {
        var model = new ItemTransitionModel { Decay = decay, Regularization = 30 };
        model.Fit(Generated, progress: null, Token);

        var (gram, right) = (Matrix(40, (i, j) => i == j ? 30 : 0), Matrix(40, (_, _) => 0));
        foreach (var history in Lists(Generated))
        {
            var source = new double[40];
            for (var t = 0; t + 1 < history.Count; t++)
            {
                source = [.. source.Select((value, item) => (decay * value) + (item == history[t] ? 1 : 0))];
                for (var i = 0; i < 40; i++)
                {
                    right[i][history[t + 1]] += source[i];
                    for (var j = 0; j < 40; j++)
                    {
                        gram[i][j] += source[i] * source[j];
                    }
                }
            }
        }

        var expected = DenseOracle.Solve(gram, right);
        AssertWeights(model, (i, j) => expected[i][j], decay == 1 ? 1e-4 : 2e-3);
    }

    [Fact]
    public void A_score_is_the_decayed_sum_over_the_history_and_popularity_orders_what_is_not_reached()
    {
        var model = new SequentialRulesModel { Steps = 1, Decay = 0.5 };
        model.Fit(Histories.Of(5, [[0, 1], [0, 2], [3, 3, 4], [4, 3]]), progress: null, Token);

        var scores = model.Score([3, 0]);

        // 0 → 1 and 2 half each; 3 → 3 and 4 a third each, half as old.
        Assert.Equal([0.5, 0.5, 1 / 6.0, 1 / 6.0], new[] { 1, 2, 3, 4 }.Select(item => (double)scores[item]), (x, y) => Math.Abs(x - y) < 1e-3);
        Assert.True(model.Score([])[3] > model.Score([])[0] && model.Score([])[0] > model.Score([])[1]);
    }

    [Fact]
    public void Of_a_large_catalogue_the_popular_items_take_part_and_the_others_go_by_popularity()
    {
        var (all, some) = (new EaseModel { Regularization = 30 }, new EaseModel { Regularization = 30, MaxItems = 15 });
        all.Fit(Generated, progress: null, Token);
        some.Fit(Generated, progress: null, Token);

        var counts = Generated.CountItems();
        var taking = Enumerable.Range(0, 40).OrderByDescending(item => counts[item]).Take(15).ToHashSet();
        Assert.All(Enumerable.Range(0, 40).Where(item => !taking.Contains(item)), item => Assert.Equal(some.Weights.Offsets[item], some.Weights.Offsets[item + 1]));
        Assert.All(some.Weights.Items, item => Assert.Contains(item, taking));
        Assert.NotEmpty(some.Weights.Items);
    }

    [Fact]
    public void The_weights_of_greatest_magnitude_are_kept()
    {
        foreach (var (all, some) in new (ItemToItemModel, ItemToItemModel)[]
        {
            (new EaseModel(), new EaseModel { Neighbours = 5 }),
            (new ItemKnnModel(), new ItemKnnModel { Neighbours = 5 }),
        })
        {
            all.Fit(Generated, progress: null, Token);
            some.Fit(Generated, progress: null, Token);
            for (var item = 0; item < 40; item++)
            {
                var (kept, of) = (Row(some.Weights, item), Row(all.Weights, item));
                Assert.Equal(5, kept.Count);
                Assert.All(kept, pair => Assert.Equal(of[pair.Key], pair.Value));
                Assert.True(kept.Values.Min(Math.Abs) >= of.Where(pair => !kept.ContainsKey(pair.Key)).Max(pair => Math.Abs(pair.Value)));
            }
        }
    }

    [Fact]
    public void Long_histories_without_decay_can_be_solved()
    {
        // Longer than any source looks back: what is counted of pairs must still be a sum of squares.
        var random = new SeededRandom(5);
        var histories = Histories.Of(60, [.. Enumerable.Range(0, 12).Select(_ => (IReadOnlyList<int>)Enumerable.Range(0, 1100).Select(_ => random.NextInt(60)).ToArray())]);
        var model = new ItemTransitionModel { Decay = 1, Regularization = 0.5 };
        model.Fit(histories, progress: null, Token);
        Assert.All(model.Score([1, 2, 3]), score => Assert.True(float.IsFinite(score)));
    }

    [Fact]
    public void An_index_answers_as_the_model_scores()
    {
        foreach (var model in Models())
        {
            model.Fit(Generated, progress: null, Token);
            using var index = model.ToIndex(ItemIds.Range(40));
            int[] history = [3, 17, 4];
            var expected = model.Score(history).Index().OrderByDescending(pair => pair.Item).ThenBy(pair => pair.Index).Take(10).ToArray();
            var found = new Candidate[10];

            var weights = new[] { model.Decay * model.Decay, model.Decay, 1 };
            Assert.Equal(10, index.Search([4, 17, 3], [1, (float)model.Decay, (float)(model.Decay * model.Decay)], found));

            Assert.Equal(expected.Select(pair => (pair.Index, pair.Item)), found.Select(candidate => (candidate.Row, candidate.Score)));
        }
    }

    [Fact]
    public void Models_beat_popularity_where_order_tells_something_and_are_the_same_at_any_number_of_threads()
    {
        var split = new LeaveLastOut(GeneratedHistories.Make(queries: 3000, seed: 5));
        var threads = Parallelism.MaxDegreeOfParallelism;
        try
        {
            foreach (var (first, second) in Models().Zip(Models()))
            {
                Parallelism.MaxDegreeOfParallelism = 1;
                first.Fit(split.TrainAndValidation, progress: null, Token);
                Parallelism.MaxDegreeOfParallelism = 3;
                second.Fit(split.TrainAndValidation, progress: null, Token);
                Assert.Equal(first.Weights.Values, second.Weights.Values);
                Assert.Equal(first.Weights.Items, second.Weights.Items);
                var (one, other) = (first.Evaluate(split.Test, default, Token), second.Evaluate(split.Test, default, Token));
                Assert.Equal(one.Ranks.ToArray(), other.Ranks.ToArray());
                if (first is SequentialRulesModel or ItemTransitionModel)
                {
                    var popularity = new PopularityModel();
                    popularity.Fit(split.TrainAndValidation, progress: null, Token);
                    Assert.True(one.All.HitRate[5] > 1.5 * popularity.Evaluate(split.Test, default, Token).All.HitRate[5]);
                }
            }
        }
        finally
        {
            Parallelism.MaxDegreeOfParallelism = threads;
        }
    }

    [Fact]
    public void Fits_can_be_followed_and_cancelled()
    {
        foreach (var model in Models())
        {
            var heard = new List<double>();
            model.Fit(Generated, new Listener(heard.Add), Token);
            Assert.Equal(1, heard[^1]);
            Assert.Equal(heard.Order(), heard);
        }

        // Counting is over before anybody can cancel it.
        foreach (var model in Models().Where(model => model is not PopularityModel))
        {
            Assert.Throws<OperationCanceledException>(() => model.Fit(Generated, cancellationToken: new CancellationToken(canceled: true)));
        }
    }

    [Fact]
    public void Mistakes_are_told()
    {
        var model = new EaseModel();
        Assert.Contains("not fit", Assert.Throws<InvalidOperationException>(() => model.Score([])).Message, StringComparison.Ordinal);
        Assert.Contains("no choice", Assert.Throws<ArgumentException>(() => model.Fit(Histories.Of(3, [[]]), progress: null, Token)).Message, StringComparison.Ordinal);
        model.Fit(Generated, progress: null, Token);
        Assert.Contains("row 40", Assert.Throws<ArgumentOutOfRangeException>(() => model.Score([1, 40])).Message, StringComparison.Ordinal);
        Assert.Contains("catalogue of 3", Assert.Throws<ArgumentException>(() => model.Evaluate(new NextItems(Histories.Of(3, [[1]]), [0], [2]), default, Token)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new EaseModel { Regularization = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new SequentialRulesModel { Decay = 1.1 });
    }

    private static ItemToItemModel[] Models() =>
        [new PopularityModel(), new ItemKnnModel { Decay = 0.8 }, new SequentialRulesModel { Decay = 0.7 }, new EaseModel { Regularization = 20 }, new ItemTransitionModel { Regularization = 20 }];

    private static IEnumerable<List<int>> Lists(Histories histories) => Enumerable.Range(0, histories.Count).Select(query => histories.Of(query).ToArray().ToList());

    private static double[][] Matrix(int size, Func<int, int, double> value) =>
        [.. Enumerable.Range(0, size).Select(i => Enumerable.Range(0, size).Select(j => value(i, j)).ToArray())];

    private static Dictionary<int, float> Row(ItemWeights weights, int item) =>
        Enumerable.Range(weights.Offsets[item], weights.Offsets[item + 1] - weights.Offsets[item]).ToDictionary(at => weights.Items[at], at => weights.Values[at]);

    private static void AssertWeights(ItemToItemModel model, Func<int, int, double> expected, double tolerance = 1e-4)
    {
        for (var i = 0; i < model.ItemCount; i++)
        {
            var row = Row(model.Weights, i);
            for (var j = 0; j < model.ItemCount; j++)
            {
                Assert.InRange(row.GetValueOrDefault(j) - expected(i, j), -tolerance, tolerance);
            }
        }
    }

    private sealed class Listener(Action<double> hear) : IProgress<double>
    {
        public void Report(double value) => hear(value);
    }
}
