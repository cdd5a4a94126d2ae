using System.Text.Json.Nodes;

namespace DotRec.Serving.Tests;

public sealed class RankerBundleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCorpus _corpus = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_loaded_bundle_predicts_the_same_bits_and_keeps_what_was_known()
    {
        using var made = Full();
        made.Save(_folder["clicks/1"]);
        using var loaded = Ranker.Load(_folder["clicks/1"]);
        object[] rows = [.. Enumerable.Range(0, 50).Select(i => new { user_id = TestCorpus.Text(i), movie_id = _corpus.Ids[i], year = 1950 + i, age = 33.25f })];
        Assert.Equal(made.PredictBatch(rows), loaded.PredictBatch(rows));
        Assert.Equal(made.Features, loaded.Features);
        Assert.Equal(("rating", ScoreMeaning.Rating), (loaded.Options.LabelColumn, loaded.Options.Score));
        Assert.Equal(0.91, loaded.Options.Metrics["rmse"]);
        Assert.Equal("""{"seed":3}""", loaded.Options.Facts!.ToJsonString());
        Assert.Equal([1, 2, 3], loaded.Options.ExtraFiles["crosses.bin"].ToArray());
        Assert.Equal(["crosses.bin", "crosses.json"], loaded.Options.ExtraFiles.Keys);
    }

    [Fact]
    public void Saving_a_loaded_bundle_elsewhere_gives_the_same_files()
    {
        using var made = Full();
        made.Save(_folder["1"]);
        using (var loaded = Ranker.Load(_folder["1"]))
        {
            loaded.Save(_folder["2"]);
            loaded.Save(_folder["1"]);
        }

        string[] names = ["bundle.json", "crosses.bin", "crosses.json", .. Directory.EnumerateFiles(_folder["1"], "ranker.*").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
        Assert.Equal(names, Directory.EnumerateFiles(_folder["2"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(Path.Combine(_folder["1"], name)), File.ReadAllBytes(Path.Combine(_folder["2"], name))));
    }

    [Fact]
    public void A_bundle_of_the_other_kind_is_told_with_what_opens_it()
    {
        using var ranker = Full();
        ranker.Save(_folder["ranker"]);
        using var recommender = _corpus.Recommender();
        recommender.Save(_folder["recommender"]);
        Assert.Equal(
            $"{_folder["ranker"]} is the bundle of a ranker, not of a recommender. Open it with Ranker.Load.",
            Assert.Throws<BundleException>(() => Recommender.Load(_folder["ranker"])).Message);
        Assert.Equal(
            $"{_folder["recommender"]} is the bundle of a recommender, not of a ranker. Open it with Recommender.Load.",
            Assert.Throws<BundleException>(() => Ranker.Load(_folder["recommender"])).Message);
        Assert.Equal("ranker", BundleManifest.Read(_folder["ranker"]).Kind);
        Assert.Equal(50, Assert.IsType<RecommenderManifest>(BundleManifest.Read(_folder["recommender"])).Items.Count);
        Assert.Contains("There is no bundle at", Assert.Throws<BundleException>(() => BundleManifest.Read(_folder["none"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bundle.json")]
    [InlineData("ranker.onnx")]
    [InlineData("crosses.bin")]
    public void Altered_truncated_and_missing_files_are_named(string name)
    {
        using var made = Full();
        made.Save(_folder["1"]);
        var path = Path.Combine(_folder["1"], name);
        var bytes = File.ReadAllBytes(path);
        for (var position = 0; position < bytes.Length; position += Math.Max(1, bytes.Length / 50))
        {
            bytes[position] ^= 4;
            File.WriteAllBytes(path, bytes);
            Assert.Contains(path, Assert.Throws<BundleException>(() => Ranker.Load(_folder["1"])).Message, StringComparison.Ordinal);
            bytes[position] ^= 4;
        }

        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        Assert.Contains(path, Assert.Throws<BundleException>(() => Ranker.Load(_folder["1"], BundleVerification.Lengths)).Message, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains(name, Assert.Throws<BundleException>(() => Ranker.Load(_folder["1"])).Message, StringComparison.Ordinal);
        File.WriteAllBytes(path, bytes);
        Ranker.Load(_folder["1"]).Dispose();
    }

    [Fact]
    public void A_sealed_bundle_whose_model_is_no_ranker_is_refused()
    {
        using var made = Full();
        made.Save(_folder["1"]);
        var path = Path.Combine(_folder["1"], "bundle.json");
        var manifest = Assert.IsType<RankerManifest>(BundleManifest.Read(_folder["1"]));
        Fails("Output 'score' of the ranker is Float [batch, 3]; Float [batch, 1] was expected.", [new BundleValue("score", "Float", ["batch", "3"])]);
        Fails("Output 'score' of the ranker is Bool [batch, 1]; Float [batch, 1] was expected.", [new BundleValue("score", "Bool", ["batch", "1"])]);
        Fails("The ranker has the outputs one, two; one named 'score' was expected.", [new BundleValue("one", "Float", ["batch"]), new BundleValue("two", "Float", ["batch"])]);
        Fails("'score' has the type 'Complex'; ", [new BundleValue("score", "Complex", ["batch"])]);

        void Fails(string message, BundleValue[] outputs)
        {
            File.WriteAllBytes(path, BundleJson.Write(manifest with { Ranker = manifest.Ranker with { Outputs = outputs } }));
            Assert.Contains(message, Assert.Throws<BundleException>(() => Ranker.Load(_folder["1"])).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("../secret", "cannot be the name of an extra file")]
    [InlineData("a/b", "cannot be the name of an extra file")]
    [InlineData("", "cannot be the name of an extra file")]
    [InlineData("Bundle.json", "the bundle has files of such names")]
    [InlineData("ranker.onnx", "the bundle has files of such names")]
    [InlineData("items.7.column", "the bundle has files of such names")]
    public void Extra_files_have_plain_names_of_their_own(string name, string message)
    {
        var files = new Dictionary<string, ReadOnlyMemory<byte>> { [name] = new byte[1] };
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => new Ranker(Model(), new RankerOptions { ExtraFiles = files })).Message, StringComparison.Ordinal);
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => _corpus.Recommender(new RecommenderOptions { ExtraFiles = files })).Message, StringComparison.Ordinal);
    }

    private Ranker Full() => new(Model(), new RankerOptions
    {
        LabelColumn = "rating",
        Score = ScoreMeaning.Rating,
        Metrics = new Dictionary<string, double> { ["rmse"] = 0.91 },
        Facts = new JsonObject { ["seed"] = 3 },
        ExtraFiles = new Dictionary<string, ReadOnlyMemory<byte>> { ["crosses.json"] = "{}"u8.ToArray(), ["crosses.bin"] = new byte[] { 1, 2, 3 } },
    });

    private DotRec.Onnx.OnnxModel Model() => TestModels.Ranker(_corpus.UserTable, _corpus.Embeddings, _corpus.Dimension);
}
