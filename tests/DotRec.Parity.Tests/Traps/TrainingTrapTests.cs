using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;
using DotRec.Modeling;

namespace DotRec.Parity.Tests;

/// <summary>What goes wrong in silence when a TFRS model is fitted or reported, and what happens here.</summary>
public class TrainingTrapTests
{
    private static readonly FeatureBatch Data = Rows(100);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Rows_come_in_another_order_and_other_batches_every_epoch()
    {
        // TFRS' notebooks cache after batching: the same negatives meet the same positives in every epoch.
        var seen = new BatchRecorder();
        seen.Fit(Data, new FitOptions { Epochs = 2, BatchSize = 10 }, Token);

        var (first, second) = (seen.Batches[..10], seen.Batches[10..]);
        Assert.Equal(Enumerable.Range(0, 100), first.SelectMany(batch => batch).Order());
        Assert.Equal(Enumerable.Range(0, 100), second.SelectMany(batch => batch).Order());
        Assert.DoesNotContain(first, batch => second.Exists(other => batch.Order().SequenceEqual(other.Order())));

        var ordered = new BatchRecorder();
        ordered.Fit(Data, new FitOptions { Epochs = 2, BatchSize = 10, Shuffle = false }, Token);
        Assert.Equal(Enumerable.Range(0, 100).Concat(Enumerable.Range(0, 100)), ordered.Batches.SelectMany(batch => batch));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(100)]
    public void A_reported_loss_is_of_all_rows_whatever_the_batches_and_the_last_of_them(int batchSize)
    {
        // TFRS reports the loss of the last batch, a sum: 28,256.98 is 7.81 a row of 3,616 rows.
        var model = Ratings();
        model.Fit(Data, new FitOptions { Epochs = 1, BatchSize = 50 }, Token);

        var evaluation = model.Evaluate(Data, batchSize, Token);
        var predictions = model.Predict(Data);
        var expected = predictions.Zip(Data.Get<float>("rating").Values.ToArray(), (p, y) => Math.Pow((double)p - y, 2)).Average();

        Assert.Equal(expected, evaluation.Loss, 1e-5);
    }

    [Fact]
    public void A_batch_of_one_row_is_a_batch()
    {
        // TFRS' experimental Ranking model squeezes it to a scalar.
        var model = Ratings();
        var fit = model.Fit(Data, new FitOptions { Epochs = 1, BatchSize = 1, Optimizer = new Sgd(0.01) }, Token);

        Assert.Equal(100, fit.Steps);
        Assert.Equal(model.Predict(Data)[3], Assert.Single(model.Predict(Data.Slice(3, 1))), 1e-6);
    }

    [Fact]
    public void The_weight_of_a_row_acts_on_that_row()
    {
        // TFRS' experimental Ranking model averages over the batch before it weighs.
        var predictions = Tensor.From([0.9f, 0.2f, 0.6f], 3, 1);
        float[] labels = [1, 1, 0];
        float[] weights = [0.5f, 3, 0];

        var loss = new Ranking().ComputeLoss(predictions, labels, weights);

        Assert.Equal(((0.5 * -Math.Log(0.9)) + (3 * -Math.Log(0.2))) / 3, loss.PerExample, 1e-6);
    }

    [Theory]
    [InlineData("adagrad")]
    [InlineData("adam")]
    [InlineData("rmsprop")]
    [InlineData("sgd")]
    public void Rows_of_a_table_that_a_batch_does_not_use_keep_their_values_though_they_were_moved_before(string optimizer)
    {
        // A dense port of Adam or of momentum goes on moving them.
        var model = Ratings();
        var options = new FitOptions { Epochs = 1, BatchSize = 100, Optimizer = Named(optimizer) };
        model.Fit(Data, options, Token);
        var rows = Data.Get<string>("user_id").Values.ToArray();
        var few = Data.Select([.. Enumerable.Range(0, 100).Where(row => rows[row] != "3")]);
        var before = model.EmbedUser("3");

        model.Fit(few, options with { Epochs = 3 }, Token);

        Assert.Equal(before, model.EmbedUser("3"));
        Assert.NotEqual(before, model.EmbedUser("4"));
    }

    [Theory]
    [InlineData(4, 2, 6)]
    [InlineData(2, 4, 6)]
    public void Widths_that_only_add_up_right_are_refused_by_the_dot_interaction(params int[] widths)
    {
        // Three widths that sum to three times the first: TFRS slices the features wrongly, without a word.
        var features = widths.Select(width => Tensor.Zeros(2, width)).ToArray();

        Assert.Contains("dimensions must be equal", Assert.Throws<ArgumentException>(() => new DotInteraction().Call(features, ForwardContext.Inference)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_evaluation_is_of_the_weights_as_they_are()
    {
        // A candidate dataset that is cached after the tower evaluates the weights of the first time.
        var items = Data.DistinctBy("movie_id").SelectColumns("movie_id");
        var model = new TwoTowerModel(
            new Tower(new StringLookup("user_id", Data), new Embedding(4)), new Tower(new StringLookup("movie_id", items), new Embedding(4)), new Retrieval(new FactorizedTopK(items, "movie_id", 1, 3)));
        model.Fit(Data, new FitOptions { Epochs = 1, BatchSize = 50 }, Token);
        var first = model.Evaluate(Data, cancellationToken: Token).Retrieval.Ranks.ToArray();

        model.Fit(Data, new FitOptions { Epochs = 20, BatchSize = 50 }, Token);
        var second = model.Evaluate(Data, cancellationToken: Token).Retrieval;

        Assert.NotEqual(first, second.Ranks.ToArray());
        var now = new FactorizedTopK(items, "movie_id", 1, 3).Evaluate(model.EmbedQueries(Data), model.EmbedItems(items), Data["movie_id"], cancellationToken: Token);
        Assert.Equal(now.HitRate[3], second.All.HitRate[3]);
    }

    private static Optimizer Named(string name) => name switch
    {
        "adagrad" => new Adagrad(0.1),
        "adam" => new Adam(0.01),
        "rmsprop" => new RmsProp(0.01),
        _ => new Sgd(0.1),
    };

    private static UserRatings Ratings() => new(Data);

    private static FeatureBatch Rows(int count)
    {
        var random = new NumpyRandom(7);
        return new FeatureBatch(
            new Column<string>("user_id", [.. Enumerable.Range(0, count).Select(row => $"{row % 10}")]),
            new Column<string>("movie_id", [.. random.Integers(8, count).Select(item => $"m{item}")]),
            new Column<float>("rating", [.. random.Integers(5, count).Select(rating => 1f + rating)]));
    }

    /// <summary>Ratings from an embedding of each side.</summary>
    private sealed class UserRatings : RecommenderModel
    {
        private readonly Ranking _task = new(PointwiseLoss.SquaredError);
        private readonly Tower _users;
        private readonly Tower _ratings;

        public UserRatings(FeatureBatch data)
        {
            var lookup = new StringLookup("user_id", data);
            var table = new Embedding(4);
            _users = Use(new Tower(lookup, table), "users");
            _ratings = Use(new Tower(new Concatenate([lookup, table], [new StringLookup("movie_id", data), new Embedding(4)]), new Dense(1)), "ratings");
        }

        public float[] EmbedUser(string id) => _users.Embed(new FeatureBatch(new Column<string>("user_id", [id])));

        public float[] Predict(FeatureBatch data) => _ratings.Embed(data);

        protected override Loss ComputeLoss(Batch batch) => _task.ComputeLoss(_ratings.Forward(batch), batch.Get<float>("rating"));
    }

    /// <summary>Remembers which rows each training batch held.</summary>
    private sealed class BatchRecorder : RecommenderModel
    {
        private readonly Tower _tower;

        public BatchRecorder() => _tower = Use(new Tower(new StringLookup("user_id", Data), new Embedding(1)), "tower");

        public List<int[]> Batches { get; } = [];

        protected override Loss ComputeLoss(Batch batch)
        {
            if (batch.Context.IsTraining)
            {
                Batches.Add(batch.Rows.ToArray());
            }

            return Loss.Sum(_tower.Forward(batch).Sum(), batch.RowCount);
        }
    }
}
