using CsCheck;
using DotRec.Data;
using DotRec.Onnx;

namespace DotRec.Serving.Tests;

public sealed class RankerTests : IDisposable
{
    private readonly TestCorpus _corpus = new();
    private readonly Ranker _ranker;

    public RankerTests() => _ranker = new Ranker(TestModels.Ranker(_corpus.UserTable, _corpus.Embeddings, _corpus.Dimension));

    public void Dispose() => _ranker.Dispose();

    [Fact]
    public void Tells_the_features_a_row_must_have() => Assert.Equal(
        [
            new("user_id", ColumnType.String),
            new("movie_id", ColumnType.String),
            new("year", ColumnType.Int64),
            new ColumnSchema("age", ColumnType.Float32),
        ],
        _ranker.Features);

    [Fact]
    public void One_row_many_rows_and_columns_give_the_same_scores_as_plain_arithmetic() => Gen.Select(Gen.Int[0, 21], Gen.Int[0, 49], Gen.Int[1900, 2030], Gen.Float[0, 90])
        .Array[1, 60].Sample(
            rows =>
            {
                var objects = rows.Select(row => new { user_id = TestCorpus.Text(row.Item1), movie_id = _corpus.Ids[row.Item2], year = row.Item3, age = row.Item4 }).ToArray();
                var scores = _ranker.PredictBatch(objects);
                Assert.Equal(objects.Select(row => _ranker.Predict(row)), scores);
                Assert.Equal(scores, _ranker.PredictBatch(Columns(
                    [.. objects.Select(row => row.user_id)], [.. objects.Select(row => row.movie_id)], [.. objects.Select(row => (long)row.year)], [.. objects.Select(row => row.age)])));
                for (var i = 0; i < rows.Length; i++)
                {
                    var user = rows[i].Item1 == 21 ? 0 : rows[i].Item1;
                    var expected = Math.Max(0, _corpus.Score(user, rows[i].Item2)) + ((rows[i].Item3 - 1950) * (double)rows[i].Item4 / 100);
                    Assert.Equal(expected, scores[i], 1e-4);
                }
            },
            iter: 50);

    [Fact]
    public void More_rows_than_a_model_call_takes_come_back_in_order()
    {
        var years = Enumerable.Range(0, 5000).Select(i => (long)i).ToArray();
        var scores = _ranker.PredictBatch(Columns([.. years.Select(_ => "1")], [.. years.Select(_ => "m1")], years, [.. years.Select(_ => 100f)]));
        var match = (float)Math.Max(0, _corpus.Score(1, 1));
        Assert.Equal(5000, scores.Length);
        Assert.All(years, year => Assert.Equal(match + year - 1950, scores[year], 1e-3));
        Assert.Equal(scores, _ranker.PredictBatch(years.Select(year => new Dictionary<string, object> { ["user_id"] = "1", ["movie_id"] = "m1", ["year"] = year, ["age"] = 100f })));
    }

    [Fact]
    public void No_rows_give_no_scores()
    {
        Assert.Empty(_ranker.PredictBatch(Array.Empty<object>()));
        Assert.Empty(_ranker.PredictBatch(Columns([], [], [], [])));
    }

    [Fact]
    public void A_model_with_a_flat_output_serves_as_well()
    {
        using var flat = new Ranker(TestModels.Ranker(_corpus.UserTable, _corpus.Embeddings, _corpus.Dimension, isVector: true));
        object[] rows = [.. Enumerable.Range(0, 50).Select(i => new { user_id = "3", movie_id = _corpus.Ids[i], year = 1990, age = 30f })];
        Assert.Equal(_ranker.PredictBatch(rows), flat.PredictBatch(rows));
        Assert.Equal(_ranker.Predict(rows[7]), flat.Predict(rows[7]));
    }

    [Fact]
    public void Rows_that_are_not_what_the_model_reads_are_named_with_their_position()
    {
        Refuses(
            "The row lacks the feature 'age': it has user_id, movie_id, year. The ranker reads user_id: String, movie_id: String, year: Int64, age: Float32.",
            () => _ranker.Predict(new { user_id = "1", movie_id = "m1", year = 1 }));
        Refuses(
            "Row 1 (from 0): 'year' is text; Int64 was expected. Give the property the type long.",
            () => _ranker.PredictBatch<object>([new { user_id = "1", movie_id = "m1", year = 1, age = 1f }, new { user_id = "1", movie_id = "m1", year = "x", age = 1f }]));
        Refuses(
            "Row 1030 (from 0): 'year' received the Double 0.5; Int64 was expected.",
            () => _ranker.PredictBatch(new FeatureBatch(
                new Column<string>("user_id", [.. Enumerable.Repeat("1", 1100)]),
                new Column<string>("movie_id", [.. Enumerable.Repeat("m1", 1100)]),
                new Column<double>("year", [.. Enumerable.Range(0, 1100).Select(i => i == 1030 ? 0.5 : i)]),
                new Column<float>("age", new float[1100]))));
        Refuses("The row lacks the feature 'age': it has user_id, movie_id, year. The ranker reads user_id: String, movie_id: String, year: Int64, age: Float32.",
            () => _ranker.PredictBatch(Columns(["1"], ["m1"], [1], [1]).DropColumns("age")));
        Refuses("One row was expected, not a List`1. For many use RecommendBatch or PredictBatch; for one, an object with a property for each feature, for example new { user_id = …, movie_id = …, year = …, age = … }.",
            () => _ranker.Predict(new List<Visit> { new("1", "m1", 1, 1) }));
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    public void A_score_that_is_not_finite_is_refused_with_the_features_it_came_from(float age, string shown)
    {
        var message = $"The ranker gives the score {shown} for user_id = \"1\", movie_id = \"m1\", year = 1990, age = {shown}. Pass finite numbers of the range of the training data.";
        var row = new { user_id = "1", movie_id = "m1", year = 1990, age };
        Refuses(message, () => _ranker.Predict(row));
        Refuses(message, () => _ranker.PredictBatch([row with { age = 3 }, row]));
    }

    [Fact]
    public void Models_that_are_no_rankers_are_refused()
    {
        OnnxValueInfo age = new("age", OnnxElementType.Float, ["batch"]);
        OnnxValueInfo score = new("score", OnnxElementType.Float, ["batch", "1"]);
        Refuses("The ranker has the outputs a, b; one named 'score' was expected.", [age], [score with { Name = "a" }, score with { Name = "b" }]);
        Refuses("Output 'score' of the ranker is Float [batch, 2]; Float [batch, 1] was expected.", [age], [score with { Shape = ["batch", "2"] }]);
        Refuses("Output 'score' of the ranker is Int64 [batch, 1]; Float [batch, 1] was expected.", [age], [score with { Type = OnnxElementType.Int64 }]);
        Refuses("Output 'score' of the ranker is Float []; Float [batch, 1] was expected.", [age], [score with { Shape = [] }]);
        Refuses("The ranker has no inputs.", [], [score]);
        Assert.Throws<ArgumentNullException>(() => new Ranker(null!));
    }

    [Fact]
    public void A_warm_prediction_of_one_row_allocates_nothing_worth_naming()
    {
        var row = new { user_id = "1", movie_id = "m1", year = 1990, age = 30f };
        Assert.InRange(Allocation.BytesACall(() => _ranker.Predict(row)), 0, 64);
    }

    [Fact]
    public async Task Many_threads_get_the_scores_of_one()
    {
        object[] rows = [.. Enumerable.Range(0, 50).Select(i => new { user_id = TestCorpus.Text(i % 21), movie_id = _corpus.Ids[i], year = 1950 + i, age = 20f })];
        var expected = _ranker.PredictBatch(rows);
        using var start = new Barrier(6);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(worker => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                for (var i = 0; i < 100; i++)
                {
                    Assert.Equal(expected[(worker + i) % 50], _ranker.Predict(rows[(worker + i) % 50]));
                    Assert.Equal(expected, _ranker.PredictBatch(rows));
                }
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        _ranker.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _ranker.Predict(rows[0]));
    }

    [Fact]
    public void Records_of_structures_are_rows_and_many_of_them_a_batch()
    {
        List<Visit> visits = [new("1", "m1", 1990, 30), new("3", "m7", 1950, 2)];
        Assert.Equal(visits.Select(visit => _ranker.Predict(visit)), _ranker.PredictBatch(visits));
        Assert.Equal(_ranker.Predict(new { user_id = "3", movie_id = "m7", year = 1950, age = 2f }), _ranker.Predict(visits[1]));
    }

    private readonly record struct Visit(string UserId, string MovieId, int Year, double Age);

    internal static FeatureBatch Columns(string[] users, string[] movies, long[] years, float[] ages) => new(
        new Column<string>("user_id", users), new Column<string>("movie_id", movies), new Column<long>("year", years), new Column<float>("age", ages));

    private static void Refuses(string message, OnnxValueInfo[] inputs, OnnxValueInfo[] outputs) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => new Ranker(new OnnxModel(default, inputs, outputs))).Message, StringComparison.Ordinal);

    private static void Refuses(string message, Func<object> predict) => Assert.Equal(message, Assert.Throws<InvalidQueryException>(predict).Message);
}
