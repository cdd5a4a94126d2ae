namespace DotRec.Modeling.Tests;

public sealed class BlendModelTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Scores_are_the_sum_of_standardized_scores()
    {
        var blend = new BlendModel(new SequentialRulesModel(), new EaseModel { Regularization = 20 }) { Weight = 0.7 };
        blend.Fit(GeneratedHistories.Make(), progress: null, Token);

        int[] history = [4, 9];
        var (first, second) = (Standard(blend.First.Score(history)), Standard(blend.Second.Score(history)));
        Assert.Equal(first.Zip(second, (a, b) => a + (0.7 * b)), blend.Score(history).Select(score => (double)score), (x, y) => Math.Abs(x - y) < 1e-4);

        static double[] Standard(float[] scores)
        {
            var mean = scores.Average(score => (double)score);
            var deviation = Math.Sqrt(scores.Average(score => (score - mean) * (score - mean)));
            return [.. scores.Select(score => (score - mean) / deviation)];
        }
    }

    [Fact]
    public void Blocks_of_queries_get_the_scores_of_single_ones()
    {
        var split = new LeaveLastOut(GeneratedHistories.Make(queries: 300, seed: 8));
        var blend = new BlendModel(new SequentialRulesModel(), new IalsModel { Dimension = 8, Rounds = 3 });
        blend.Fit(split.TrainAndValidation, progress: null, Token);
        var ranks = blend.Evaluate(split.Test, default, Token).Ranks.ToArray();
        for (var i = 0; i < 20; i++)
        {
            var scores = blend.Score(split.TrainAndValidation.Of(split.Test.Queries[i]));
            var own = scores[split.Test.Items[i]];
            Assert.Equal(1 + scores.Index().Count(other => other.Item > own || (other.Item == own && other.Index < split.Test.Items[i])), ranks[i]);
        }
    }

    [Fact]
    public void The_weight_is_chosen_by_validation_so_that_a_useless_part_counts_nothing()
    {
        var split = new LeaveLastOut(GeneratedHistories.Make(queries: 1500, seed: 9));
        var (rules, popularity) = (new SequentialRulesModel { Steps = 1, Decay = 0.1 }, new PopularityModel());
        rules.Fit(split.Train, progress: null, Token);
        popularity.Fit(split.Train, progress: null, Token);

        var blend = new BlendModel(popularity, rules);
        var best = blend.ChooseWeight(split.Validation, Token);

        Assert.True(blend.Weight >= 1);
        Assert.True(best >= rules.Evaluate(split.Validation, [10], Token).ExcludingSeen.Ndcg[10] - 0.01);
        Assert.True(best > popularity.Evaluate(split.Validation, [10], Token).ExcludingSeen.Ndcg[10]);
    }

    [Fact]
    public void Models_of_other_catalogues_do_not_blend()
    {
        var (small, large) = (new PopularityModel(), new PopularityModel());
        small.Fit(Histories.Of(2, [[0]]), progress: null, Token);
        large.Fit(Histories.Of(3, [[0]]), progress: null, Token);
        Assert.Contains("2 items, the other of 3", Assert.Throws<ArgumentException>(() => new BlendModel(small, large)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlendModel(small, small) { Weight = -1 });
    }
}
