using DotRec.Data;

namespace DotRec.Serving.Tests;

public sealed class RankedBundleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCorpus _corpus = new();
    private readonly Recommender _made;

    public RankedBundleTests()
    {
        var options = _corpus.RankedOptions(seed: 4, rankedCandidates: 33);
        _made = _corpus.Recommender(options with
        {
            Items = options.Items!
                .With(TestCorpus.Lists("awards", Enumerable.Range(0, 50).Select(row => Enumerable.Range(0, row % 3).Select(i => (long)row * i).ToArray()).ToArray()))
                .With(TestCorpus.Lists("shares", Enumerable.Range(0, 50).Select(row => Enumerable.Range(0, row % 2).Select(i => row / 3f).ToArray()).ToArray()))
                .With(TestCorpus.Lists("weights", Enumerable.Range(0, 50).Select(row => Enumerable.Range(0, row % 2).Select(i => row / 3.0).ToArray()).ToArray()))
                .With(TestCorpus.Lists("never", Enumerable.Range(0, 50).Select(_ => Array.Empty<string>()).ToArray()))
                .With(new Column<double>("price", [.. Enumerable.Range(0, 50).Select(row => row / 7.0)])),
            ExtraFiles = new Dictionary<string, ReadOnlyMemory<byte>> { ["crosses.json"] = "{}"u8.ToArray() },
        });
        _made.Save(_folder["1"]);
    }

    public void Dispose()
    {
        _made.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_loaded_bundle_ranks_as_the_one_that_was_saved_bit_for_bit()
    {
        using var loaded = Recommender.Load(_folder["1"]);
        Assert.Equal(_made.RankerFeatures, loaded.RankerFeatures);
        Assert.Equal(_made.QueryFeatures, loaded.QueryFeatures);
        Assert.Equal((33, "age"), (loaded.Options.RankedCandidates, Assert.Single(loaded.Options.ContextFeatures)));
        Assert.Equal("{}"u8.ToArray(), loaded.Options.ExtraFiles["crosses.json"].ToArray());
        for (var user = 0; user < 23; user++)
        {
            var query = new { user_id = TestCorpus.Text(user), age = user / 7f };
            RankedRecommenderTests.Same(_made.Recommend(query), loaded.Recommend(query));
            var options = new RecommendOptions { Diversity = 0.5f, RankedCandidates = 40 };
            RankedRecommenderTests.Same(_made.Recommend(query, options), loaded.Recommend(query, options));
        }
    }

    [Fact]
    public void Columns_of_lists_keep_their_order_type_and_empty_lists()
    {
        using var loaded = Recommender.Load(_folder["1"]);
        Assert.Equal(["title", "year", "genres", "awards", "shares", "weights", "never", "price"], loaded.Items.Columns.Select(column => column.Name));
        foreach (var column in _made.Items.Columns)
        {
            var read = loaded.Items[column.Name];
            Assert.Equal(column.IsList, read.IsList);
            for (var row = 0; row < 50; row++)
            {
                Assert.Equal(column[row], read[row]);
                Assert.Equal(column.Text(row), read.Text(row));
            }
        }

        Assert.Equal(("g3|g4|g0", ""), (loaded.Items["genres"].Text(3), loaded.Items["genres"].Text(0)));
        Assert.Contains("genres: g3|g4|g0, awards: , shares: 1", loaded.Recommend(new { user_id = "1", age = 1f }, k: 50).First(item => item.Row == 3).ToString(), StringComparison.Ordinal);
        Assert.Equal(12, Enumerable.Range(0, 50).Count(loaded.Items.Where("genres", genres => ((string[])genres!).Length == 3).Allows));
    }

    [Fact]
    public void Saving_a_loaded_bundle_elsewhere_gives_the_same_files()
    {
        using (var loaded = Recommender.Load(_folder["1"]))
        {
            loaded.Save(_folder["2"]);
        }

        string[] names =
        [
            "bundle.json", "crosses.json", .. Enumerable.Range(0, 8).Select(i => $"items.{i}.column"), "items.index", "query.0.table", "query.0.vocabulary", "query.onnx",
            .. Directory.EnumerateFiles(_folder["1"], "ranker.*").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal),
        ];
        Assert.Equal(names, Directory.EnumerateFiles(_folder["2"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(Path.Combine(_folder["1"], name)), File.ReadAllBytes(Path.Combine(_folder["2"], name))));
    }

    [Theory]
    [InlineData("ranker.onnx")]
    [InlineData("items.0.column")]
    [InlineData("crosses.json")]
    public void Missing_and_altered_files_are_named(string name)
    {
        var path = Path.Combine(_folder["1"], name);
        var bytes = File.ReadAllBytes(path);
        for (var position = 0; position < bytes.Length; position += Math.Max(1, bytes.Length / 40))
        {
            bytes[position] ^= 16;
            File.WriteAllBytes(path, bytes);
            Assert.StartsWith($"{path} is altered", Assert.Throws<BundleException>(() => Recommender.Load(_folder["1"])).Message, StringComparison.Ordinal);
            bytes[position] ^= 16;
        }

        File.Delete(path);
        Assert.StartsWith($"{path} is missing.", Assert.Throws<BundleException>(() => Recommender.Load(_folder["1"], BundleVerification.Lengths)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ranker_whose_features_the_items_lack_is_refused() => Fails(
        "The ranker reads year: Int64, which is nowhere.",
        manifest => manifest with { Items = manifest.Items with { Columns = [.. manifest.Items.Columns.Where(column => column.Name != "year")] } });

    [Fact]
    public void A_context_feature_that_is_not_the_rankers_is_refused() => Fails(
        "The context feature 'weather' is none of the ranker's", manifest => manifest with { ContextFeatures = ["age", "weather"] });

    [Theory]
    [InlineData("Output 'score' of the ranker is Int64 [batch, 1]; Float [batch, 1] was expected.", "score", "Int64", "1")]
    [InlineData("Output 'score' of the ranker is Float [batch, 4]; Float [batch, 1] was expected.", "score", "Float", "4")]
    [InlineData("'score' has the type 'Tensor'", "score", "Tensor", "1")]
    public void A_ranker_of_another_output_is_refused(string message, string name, string type, string width) =>
        Fails(message, manifest => manifest with { Ranker = manifest.Ranker! with { Outputs = [new BundleValue(name, type, ["batch", width])] } });

    [Fact]
    public void A_ranker_whose_graph_is_not_what_the_description_says_is_refused()
    {
        Fails("The ranker declares the output total but its graph has score.", manifest => manifest with { Ranker = manifest.Ranker! with { Outputs = [new BundleValue("total", "Float", ["batch", "1"])] } });
        Fails("The ranker declares the input year as Float [batch] but its graph has Int64 [-1].", manifest => manifest with
        {
            Ranker = manifest.Ranker! with { Inputs = [.. manifest.Ranker.Inputs.Select(input => input.Name == "year" ? input with { Type = "Float" } : input)] },
        });
    }

    [Fact]
    public void A_recommenders_bundle_holding_another_models_bytes_as_ranker_is_refused() => Fails(
        "but its graph has /rows, /table.",
        manifest => manifest with { Ranker = manifest.Ranker! with { File = "query.onnx" } });

    [Theory]
    [InlineData("items.1.column", "section TXAT is missing")]
    [InlineData("items.2.column", null)]
    [InlineData("query.0.table", "is a file of kind Table; Column was expected")]
    [InlineData("query.onnx", "It is truncated, or no index.")]
    public void A_column_in_the_wrong_file_is_refused(string wrong, string? message)
    {
        Reseal(manifest => manifest with { Items = manifest.Items with { Columns = [.. manifest.Items.Columns.Select(column => column.Name == "title" ? column with { File = wrong } : column)] } });
        if (message is null)
        {
            // Lists of texts read as texts: as many values as there are lists, or an error.
            Assert.Contains("rows; 50 were expected", Assert.Throws<BundleException>(() => Recommender.Load(_folder["1"])).Message, StringComparison.Ordinal);
            return;
        }

        Assert.Contains(message, Assert.Throws<BundleException>(() => Recommender.Load(_folder["1"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundle_without_the_number_of_candidates_ranks_a_hundred()
    {
        Reseal(manifest => manifest with { RankedCandidates = null });
        using var loaded = Recommender.Load(_folder["1"]);
        Assert.Equal(100, loaded.Options.RankedCandidates);
    }

    private void Fails(string message, Func<RecommenderManifest, RecommenderManifest> change)
    {
        Reseal(change);
        Assert.Contains(message, Assert.Throws<BundleException>(() => Recommender.Load(_folder["1"])).Message, StringComparison.Ordinal);
    }

    private void Reseal(Func<RecommenderManifest, RecommenderManifest> change)
    {
        _made.Save(_folder["1"]);
        var path = Path.Combine(_folder["1"], "bundle.json");
        File.WriteAllBytes(path, BundleJson.Write(change((RecommenderManifest)BundleManifest.Read(_folder["1"]))));
    }
}
