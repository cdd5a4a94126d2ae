using DotRec.Autodiff;
using DotRec.Data;
using DotRec.Features;
using DotRec.Modeling;

namespace DotRec.Parity.Tests;

/// <summary>
/// TFRS' test of its TPU embedding, which off TPUs is a pooled lookup: a video table pooled by sums and shared by two features, a user table
/// pooled by means. TFRS asserts that outputs come back; here they are what the tables say. PartialTPUEmbedding chooses a device by table size and
/// has no counterpart: every table here is looked up and trained row by row, whatever its size.
/// </summary>
public class PooledEmbeddingTests
{
    private static readonly FeatureBatch Data = new(
        Lists("watched", [0], [0, 1], [0, 1], [1]), Lists("favorited", [0, 1], [1], [0], [0, 1]), Lists("friends", [3], [0, 1, 2], [3], [0, 1, 2]));

    public static TheoryData<string> Optimizers => ["sgd", "adagrad", "adam"];

    [Fact]
    public void Pooled_rows_are_sums_and_means()
    {
        var model = new Pooled();
        model.Begin(new EncodedData(Data), seed: 0);
        model.SetTables();

        Assert.Equal([0f, 1, 2, 3, 4, 6, 8, 10, 4, 6, 8, 10, 4, 5, 6, 7], model.Watched.Embed(Data));
        Assert.Equal([4f, 6, 8, 10, 4, 5, 6, 7, 0, 1, 2, 3, 4, 6, 8, 10], model.Favorited.Embed(Data));
        Assert.Equal([6f, 7, 2, 3, 6, 7, 2, 3], model.Friends.Embed(Data));
        Assert.Equal(335, model.Evaluate(Data, cancellation: TestContext.Current.CancellationToken).Loss, 1e-4);
        Assert.Equal(2, model.Parameters.Count);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_shared_table_is_trained_by_all_its_features(string optimizer)
    {
        var model = new Pooled();
        model.Begin(new EncodedData(Data), seed: 0);
        model.SetTables();

        model.Fit(Data, new FitOptions
        {
            Epochs = 1,
            BatchSize = 4,
            Shuffle = false,
            Optimizer = optimizer switch { "sgd" => new Sgd(0.01), "adagrad" => new Adagrad(0.1), _ => new Adam(0.1) },
        }, TestContext.Current.CancellationToken);

        Assert.True(model.Evaluate(Data, cancellation: TestContext.Current.CancellationToken).Loss < 335);
        if (optimizer == "sgd")
        {
            // d/dv₀ of the mean over four rows of |Σ v|²: 2/4 of the sums of the rows that use video 0, of both features: 24, 38, 52, ….
            float[] sums = [0 + 4 + 4 + 4 + 0 + 4, 1 + 6 + 6 + 6 + 1 + 6, 2 + 8 + 8 + 8 + 2 + 8, 3 + 10 + 10 + 10 + 3 + 10];
            var row = model.Videos.Table!.Value.Values[4..8].ToArray();
            for (var i = 0; i < 4; i++)
            {
                Assert.Equal(i - (0.01 * 0.5 * sums[i]), row[i], 1e-5);
            }
        }
    }

    private static Column<long> Lists(string name, params long[][] rows)
    {
        var offsets = new int[rows.Length + 1];
        for (var row = 0; row < rows.Length; row++)
        {
            offsets[row + 1] = offsets[row] + rows[row].Length;
        }

        return new Column<long>(name, [.. rows.SelectMany(row => row)], offsets);
    }

    private sealed class Pooled : RecommenderModel
    {
        public Pooled()
        {
            Videos = new Embedding(4) { Pooling = ListPooling.Sum };
            var users = new Embedding(2);
            Watched = Use(new Tower(Ids("watched", 2), Videos), "watched");
            Favorited = Use(new Tower(Ids("favorited", 2), Videos), "favorited");
            Friends = Use(new Tower(Ids("friends", 4), users), "friends");
            Users = users;
        }

        public Embedding Videos { get; }

        public Embedding Users { get; }

        public Tower Watched { get; }

        public Tower Favorited { get; }

        public Tower Friends { get; }

        /// <summary>The rows of known ids count up, as in TFRS; row 0 is that of unknown ids.</summary>
        public void SetTables()
        {
            foreach (var table in new[] { Videos.Table!, Users.Table! })
            {
                var values = table.Value.WritableValues()[table.Value.Shape[1]..];
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = i;
                }
            }
        }

        protected override Tensor ComputeLoss(Batch batch) => new[] { Watched, Favorited, Friends }
            .Select(tower => tower.Forward(batch)).Select(vectors => (vectors * vectors).Sum()).Aggregate((x, y) => x + y) * (1f / batch.RowCount);

        private static IntegerLookup Ids(string column, int count) => new(column, Enumerable.Range(0, count).Select(id => (long)id), isJagged: true);
    }
}
