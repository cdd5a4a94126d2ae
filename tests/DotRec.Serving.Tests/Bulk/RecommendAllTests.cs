using System.Globalization;
using DotRec.Data;

namespace DotRec.Serving.Tests;

public sealed class RecommendAllTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCorpus _corpus = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_parquet_file_holds_what_single_queries_answer_in_order()
    {
        using var recommender = _corpus.Recommender();
        var path = _folder["all.parquet"];
        Assert.Equal(3000, All(recommender, Queries(3000), path, new RecommendAllOptions { Recommend = new() { K = 3 }, ItemColumns = ["title", "year"] }));
        var table = Table(path);
        var (users, ranks, movies) = (table.Get<string>("user_id").Values.ToArray(), table.Get<long>("rank").Values.ToArray(), table.Get<string>("movie_id").Values.ToArray());
        var row = 0;
        for (var i = 0; i < 3000; i++)
        {
            var answer = recommender.Recommend(Query(i), k: 3);
            for (var rank = 0; rank < answer.Count; rank++, row++)
            {
                Assert.Equal(TestCorpus.Text(i % 23), users[row]);
                Assert.Equal(rank + 1, ranks[row]);
                Assert.Equal(answer[rank].ItemId.Text, movies[row]);
                Assert.Equal(answer[rank].Score, table.Get<float>("score").Values[row]);
                Assert.Equal(answer[rank]["title"], table["title"].ValueOf(row));
                Assert.Equal(answer[rank]["year"], table["year"].ValueOf(row));
            }
        }

        Assert.Equal(9000, row);
        Assert.Equal((9000, 6), (table.RowCount, table.Columns.Count));
    }

    [Fact]
    public void A_csv_file_quotes_what_must_be_quoted_and_keeps_every_float()
    {
        using var recommender = _corpus.Recommender();
        var path = _folder["all.csv"];
        All(recommender, Queries(2), path, new RecommendAllOptions { Recommend = new() { K = 50 }, ItemColumns = ["title"] });
        var lines = File.ReadAllText(path).TrimEnd('\n').Split('\n');
        Assert.Equal("user_id,rank,movie_id,score,title", lines[0]);
        Assert.Equal(101, lines.Length);
        var answers = recommender.RecommendBatch(Queries(2), new RecommendOptions { K = 50 }).SelectMany((answer, user) => answer.Select((item, rank) => (user, rank, item))).ToArray();
        for (var i = 0; i < 100; i++)
        {
            var (user, rank, item) = answers[i];
            var title = item["title"] is string { Length: > 0 } text ? "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"" : "";
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{user},{rank + 1},{item.ItemId},{item.Score:R},{title}"), lines[i + 1]);
        }
    }

    [Theory]
    [InlineData("all.parquet")]
    [InlineData("all.csv")]
    public void With_a_ranker_the_file_shows_both_scores_and_lists_as_text(string name)
    {
        using var recommender = _corpus.Recommender(_corpus.RankedOptions());
        object[] queries = [.. Enumerable.Range(0, 1200).Select(i => new { user_id = TestCorpus.Text(i % 23), age = i % 5 })];
        All(recommender, queries, _folder[name], new RecommendAllOptions { Recommend = new() { K = 4, RankedCandidates = 15, Diversity = 0.2f }, ItemColumns = ["genres"] });
        var expected = queries.SelectMany(query => recommender.Recommend(query, new RecommendOptions { K = 4, RankedCandidates = 15, Diversity = 0.2f })).ToArray();
        if (name.EndsWith("csv", StringComparison.Ordinal))
        {
            var lines = File.ReadAllLines(_folder[name]);
            Assert.Equal("user_id,rank,movie_id,score,retrieval_score,genres", lines[0]);
            Assert.Equal(
                expected.Select((item, i) => string.Create(CultureInfo.InvariantCulture, $"{i / 4 % 23},{(i % 4) + 1},{item.ItemId},{item.Score},{item.RetrievalScore},{string.Join('|', (string[])item["genres"])}")),
                lines[1..]);
            return;
        }

        var table = Table(_folder[name]);
        Assert.Equal(expected.Select(item => item.ItemId.Text), table.Get<string>("movie_id").Values.ToArray());
        Assert.Equal(expected.Select(item => item.Score), table.Get<float>("score").Values.ToArray());
        Assert.Equal(expected.Select(item => item.RetrievalScore), table.Get<float>("retrieval_score").Values.ToArray());
        Assert.Equal(expected.Select(item => string.Join('|', (string[])item["genres"])), table.Get<string>("genres").Values.ToArray());
    }

    [Fact]
    public void The_file_is_the_same_every_time()
    {
        using var recommender = _corpus.Recommender();
        All(recommender, Queries(2500), _folder["1.parquet"]);
        All(recommender, Queries(2500), _folder["2.parquet"]);
        Assert.Equal(File.ReadAllBytes(_folder["1.parquet"]), File.ReadAllBytes(_folder["2.parquet"]));
    }

    [Fact]
    public async Task Columns_and_asynchronous_sequences_give_the_same_file()
    {
        using var recommender = _corpus.Recommender();
        All(recommender, Queries(2500), _folder["1.csv"]);
        await recommender.RecommendAllAsync(Queries(2500).ToAsyncEnumerable(), _folder["2.csv"], cancellationToken: TestContext.Current.CancellationToken);
        var columns = new FeatureBatch(new Column<string>("user_id", [.. Enumerable.Range(0, 2500).Select(i => TestCorpus.Text(i % 23))]));
        await recommender.RecommendAllAsync(columns, _folder["3.csv"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(await File.ReadAllTextAsync(_folder["1.csv"], TestContext.Current.CancellationToken), await File.ReadAllTextAsync(_folder["2.csv"], TestContext.Current.CancellationToken));
        Assert.Equal(await File.ReadAllTextAsync(_folder["1.csv"], TestContext.Current.CancellationToken), await File.ReadAllTextAsync(_folder["3.csv"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Progress_counts_queries_up_to_the_end()
    {
        using var recommender = _corpus.Recommender();
        var reports = new Reports();
        All(recommender, Queries(2500), _folder["all.csv"], progress: reports);
        Assert.Equal([1024L, 2048, 2500], reports.Values);
    }

    [Fact]
    public void No_queries_make_a_file_without_rows()
    {
        using var recommender = _corpus.Recommender();
        Assert.Equal(0, All(recommender, [], _folder["none.csv"]));
        Assert.Equal("user_id,rank,movie_id,score\n", File.ReadAllText(_folder["none.csv"]));
        All(recommender, [], _folder["none.parquet"]);
        Assert.Equal(0, Table(_folder["none.parquet"]).RowCount);
    }

    [Fact]
    public void A_bad_query_in_the_middle_is_named_and_leaves_the_old_file()
    {
        using var recommender = _corpus.Recommender();
        File.WriteAllText(_folder["all.csv"], "old");
        var error = Assert.Throws<InvalidQueryException>(
            () => All(recommender, Queries(5000).Select((query, i) => i == 3333 ? new { user_id = 7 } : query), _folder["all.csv"]));
        Assert.StartsWith("Query 3333 (from 0): 'user_id' is a number; String was expected.", error.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(_folder["all.csv"]));
        Assert.Single(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public void Cancelling_stops_leaves_no_file_and_lets_go_of_the_queries()
    {
        using var recommender = _corpus.Recommender();
        using var cancellation = new CancellationTokenSource();
        var read = 0;
        Assert.Throws<OperationCanceledException>(() => All(
            recommender,
            Queries(int.MaxValue).Select(query =>
            {
                if (++read == 5000)
                {
                    cancellation.Cancel();
                }

                return query;
            }),
            _folder["all.parquet"],
            cancellation: cancellation.Token));
        Assert.InRange(read, 5000, 5000 + (3 * 1024));
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
        Assert.Equal(10, recommender.Recommend(new { user_id = "1" }).Count);
    }

    [Fact]
    public void Names_that_cannot_be_written_are_refused()
    {
        using var recommender = _corpus.Recommender();
        Refuses("ends in '.json'; .parquet or .csv was expected", "all.json", new());
        Refuses("Items have no column 'genre'", "all.csv", new() { ItemColumns = ["genre"] });
        Refuses("two columns 'title'", "all.csv", new() { ItemColumns = ["title", "title"] });
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));

        void Refuses(string message, string name, RecommendAllOptions options) => Assert.Contains(
            message, Assert.Throws<ArgumentException>(() => All(recommender, Queries(1), _folder[name], options)).Message, StringComparison.Ordinal);
    }

    private static FeatureBatch Table(string path) => ParquetFile.ReadAsync(path).GetAwaiter().GetResult();

    private static long All(
        Recommender recommender, IEnumerable<object> queries, string path, RecommendAllOptions? options = null, IProgress<long>? progress = null, CancellationToken? cancellation = null) =>
        recommender.RecommendAllAsync(queries, path, options, progress, cancellation ?? TestContext.Current.CancellationToken).GetAwaiter().GetResult();

    private static IEnumerable<object> Queries(int count) => Enumerable.Range(0, count).Select(Query);

    private static object Query(int i) => new { user_id = TestCorpus.Text(i % 23) };

    private sealed class Reports : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value) => Values.Add(value);
    }
}
