using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using DotRec.Indexing;

namespace DotRec.Serving.Tests;

public sealed class RecommenderBundleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCorpus _corpus = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_loaded_bundle_gives_the_same_answers_bit_for_bit()
    {
        using var made = Full();
        made.Save(_folder["films/1"]);
        using var loaded = Recommender.Load(_folder["films/1"]);
        for (var user = 0; user < 23; user++)
        {
            var query = new { user_id = TestCorpus.Text(user) };
            RecommenderTests.Same(made.Recommend(query), loaded.Recommend(query));
            var withSeen = new RecommendOptions { ExcludeSeen = false };
            RecommenderTests.Same(made.Recommend(query, withSeen), loaded.Recommend(query, withSeen));
        }

        RecommenderTests.Same(made.SimilarItems("m5"), loaded.SimilarItems("m5"));
        Assert.Equal(made.EmbedItem(new { movie_id = "3" }).Values, loaded.EmbedItem(new { movie_id = "3" }).Values);
        Assert.Equal(_corpus.Titles, Enumerable.Range(0, 50).Select(row => loaded.Items["title"][row]));
        Assert.Equal(_corpus.Years.Cast<object>(), Enumerable.Range(0, 50).Select(row => loaded.Items["year"][row]));
        Assert.Equal(made.QueryFeatures, loaded.QueryFeatures);
    }

    [Fact]
    public void A_bundle_carries_an_approximate_index_as_it_was_calibrated()
    {
        var corpus = new TestCorpus(items: 2500);
        using var index = ScannIndex.Build(
            corpus.Embeddings, ItemIds.From(corpus.Ids), ScoreFunction.Dot, cancellationToken: TestContext.Current.CancellationToken);
        index.Calibrate(corpus.UserTable, 0.9, 10, TestContext.Current.CancellationToken);
        using var made = new Recommender(corpus.QueryModel, index, corpus.Options);
        made.Save(_folder["approximate"]);
        Assert.Contains("\"isExact\": false", File.ReadAllText(Path.Combine(_folder["approximate"], "bundle.json")), StringComparison.Ordinal);
        using var loaded = Recommender.Load(_folder["approximate"]);
        Assert.Equal(index.SearchOptions, Assert.IsType<ScannIndex>(loaded.Index).SearchOptions);
        for (var user = 1; user < 20; user++)
        {
            var query = new { user_id = TestCorpus.Text(user) };
            RecommenderTests.Same(made.Recommend(query), loaded.Recommend(query));
        }

        RecommenderTests.Same(made.SimilarItems("m5"), loaded.SimilarItems("m5"));
    }

    [Fact]
    public void Everything_in_the_options_survives_the_round_trip()
    {
        using var made = Full();
        made.Save(_folder["1"]);
        using var loaded = Recommender.Load(_folder["1"]);
        Assert.Equal(7, loaded.Options.K);
        Assert.Equal("movie_id", loaded.Options.ItemIdColumn);
        Assert.Equal("user_id", loaded.QueryIdFeature);
        Assert.Equal(UnknownQueryPolicy.Popularity, loaded.Options.UnknownQueries);
        Assert.Equal(made.Popularity, loaded.Popularity);
        Assert.False(loaded.Options.ExcludeSeen);
        Assert.Equal(0.25, loaded.Options.Metrics["test.hitRate@10"]);
        Assert.Equal("""{"preset":"tuned","seed":42}""", loaded.Options.Facts!.ToJsonString());
        Assert.Equal((2, 3), (loaded.Seen!.QueryCount, loaded.Seen.Count));
        Assert.Equal(made.Seen!.RowsOf("2").ToArray(), loaded.Seen.RowsOf("2").ToArray());
    }

    [Fact]
    public void Saving_a_loaded_bundle_elsewhere_gives_the_same_files()
    {
        using var made = Full();
        made.Save(_folder["1"]);
        using (var loaded = Recommender.Load(_folder["1"]))
        {
            loaded.Save(_folder["2"]);
        }

        string[] names = ["bundle.json", "item.0.table", "item.0.vocabulary", "item.onnx", "items.0.column", "items.1.column", "items.index", "items.popularity", "query.0.table", "query.0.vocabulary", "query.onnx", "seen.items"];
        Assert.Equal(names, Directory.EnumerateFiles(_folder["2"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(Path.Combine(_folder["1"], name)), File.ReadAllBytes(Path.Combine(_folder["2"], name))));
    }

    [Fact]
    public void A_bundle_in_use_can_be_replaced_and_its_user_keeps_the_old_answers()
    {
        using var first = Full();
        first.Save(_folder["1"]);
        using var loaded = Recommender.Load(_folder["1"]);
        var expected = loaded.Recommend(new { user_id = "3" });
        using var second = new TestCorpus(seed: 99).Recommender();
        second.Save(_folder["1"]);
        RecommenderTests.Same(expected, loaded.Recommend(new { user_id = "3" }));
        using var reloaded = Recommender.Load(_folder["1"]);
        RecommenderTests.Same(second.Recommend(new { user_id = "3" }), reloaded.Recommend(new { user_id = "3" }));
        Assert.Contains("has been replaced since it was loaded", Assert.Throws<BundleException>(() => loaded.Save(_folder["2"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundle_can_be_saved_over_itself()
    {
        using var made = Full();
        made.Save(_folder["1"]);
        using (var loaded = Recommender.Load(_folder["1"]))
        {
            loaded.Save(_folder["1"]);
        }

        using var again = Recommender.Load(_folder["1"]);
        RecommenderTests.Same(made.Recommend(new { user_id = "3" }), again.Recommend(new { user_id = "3" }));
    }

    [Fact]
    public void Any_one_altered_byte_in_any_file_is_one_clear_error()
    {
        using var made = Full();
        made.Save(_folder["1"]);
        var files = Directory.GetFiles(_folder["1"]).Order(StringComparer.Ordinal).ToArray();
        Gen.Select(Gen.Int[0, files.Length - 1], Gen.Int[0, int.MaxValue], Gen.Int[1, 255]).Sample(
            (file, position, change) =>
            {
                var bytes = File.ReadAllBytes(files[file]);
                var damaged = (byte[])bytes.Clone();
                damaged[position % bytes.Length] ^= (byte)change;
                File.WriteAllBytes(files[file], damaged);
                try
                {
                    var error = Assert.Throws<BundleException>(() => Recommender.Load(_folder["1"]));
                    Assert.Contains(files[file], error.Message, StringComparison.Ordinal);
                }
                finally
                {
                    File.WriteAllBytes(files[file], bytes);
                }
            },
            iter: 300,
            threads: 1);
        using var loaded = Recommender.Load(_folder["1"]);
        RecommenderTests.Same(made.Recommend(new { user_id = "3" }), loaded.Recommend(new { user_id = "3" }));
    }

    [Fact]
    public void Every_byte_of_the_description_is_guarded()
    {
        using var made = _corpus.Recommender();
        made.Save(_folder["1"]);
        var path = Path.Combine(_folder["1"], "bundle.json");
        var bytes = File.ReadAllBytes(path);
        for (var position = 0; position < bytes.Length; position++)
        {
            bytes[position] ^= 1;
            Assert.Throws<BundleException>(() => BundleJson.Read(bytes, path));
            bytes[position] ^= 1;
        }

        Assert.Equal(10, Assert.IsType<RecommenderManifest>(BundleJson.Read(bytes, path)).K);
    }

    [Theory]
    [InlineData("query.onnx")]
    [InlineData("item.onnx")]
    [InlineData("items.index")]
    [InlineData("items.0.column")]
    [InlineData("items.popularity")]
    [InlineData("query.0.table")]
    [InlineData("query.0.vocabulary")]
    [InlineData("seen.items")]
    public void Truncated_lengthened_and_missing_files_are_named_with_either_verification(string name)
    {
        using var made = Full();
        made.Save(_folder["1"]);
        var path = Path.Combine(_folder["1"], name);
        var bytes = File.ReadAllBytes(path);
        foreach (var verification in Enum.GetValues<BundleVerification>())
        {
            File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
            Fails(verification, $"{path} has {bytes.Length / 2} bytes; {bytes.Length} were expected. The file is truncated: save the bundle again or restore it from a copy.");
            File.WriteAllBytes(path, [.. bytes, 0]);
            Fails(verification, $"{path} has {bytes.Length + 1} bytes; {bytes.Length} were expected. The file is altered: save the bundle again or restore it from a copy.");
            File.Delete(path);
            Fails(verification, $"{path} is missing. The bundle is incomplete: save it again or copy the whole directory.");
            File.WriteAllBytes(path, bytes);
        }

        Recommender.Load(_folder["1"]).Dispose();
    }

    [Fact]
    public void A_truncated_or_missing_description_is_an_error()
    {
        using var made = _corpus.Recommender();
        made.Save(_folder["1"]);
        var path = Path.Combine(_folder["1"], "bundle.json");
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        Fails(BundleVerification.Hashes, $"{path} is damaged or was edited: its content does not match the checksum at its end. Save the bundle again or restore it from a copy.");
        File.WriteAllBytes(path, []);
        Fails(BundleVerification.Lengths, $"{path} is damaged or was edited: its content does not match the checksum at its end. Save the bundle again or restore it from a copy.");
        File.Delete(path);
        Fails(BundleVerification.Hashes, $"{_folder["1"]} has no bundle.json: it is not a bundle, or not a whole one. Name the version folder of a bundle, such as models/films/1.");
        Directory.Delete(_folder["1"], recursive: true);
        Fails(BundleVerification.Hashes, $"There is no bundle at {_folder["1"]}. Check the path.");
    }

    [Fact]
    public void A_newer_format_is_told_from_damage_sealed_or_not()
    {
        using var made = _corpus.Recommender();
        made.Save(_folder["1"]);
        var path = Path.Combine(_folder["1"], "bundle.json");
        var manifest = (RecommenderManifest)BundleJson.Read(File.ReadAllBytes(path), path);
        File.WriteAllBytes(path, BundleJson.Write(manifest with { FormatVersion = 3 }));
        Fails(BundleVerification.Hashes, $"{path} is format 3; this build reads up to 2. Use a newer version of DotRec.");
        var text = Encoding.UTF8.GetString(BundleJson.Write(manifest)).Replace("\"formatVersion\": 2", "\"formatVersion\": 4", StringComparison.Ordinal);
        File.WriteAllText(path, text);
        Fails(BundleVerification.Hashes, $"{path} is format 4; this build reads up to 2. Use a newer version of DotRec, or restore the bundle: its checksum does not match either.");
    }

    [Fact]
    public void An_older_format_is_told_from_damage()
    {
        using var made = _corpus.Recommender();
        made.Save(_folder["1"]);
        var path = Path.Combine(_folder["1"], "bundle.json");
        File.WriteAllBytes(path, BundleJson.Write((RecommenderManifest)BundleJson.Read(File.ReadAllBytes(path), path) with { FormatVersion = 1 }));
        Fails(BundleVerification.Hashes, $"{path} is format 1, of a version of DotRec before its first release; this build reads format 2. Train the model again, or save the bundle with this version.");
    }

    /// <summary>Where hashes are not asked for, a damaged file may change answers, but neither crash nor hang.</summary>
    [Fact]
    public void Any_altered_byte_of_a_mapped_file_gives_an_answer_or_one_sentence()
    {
        using var made = _corpus.Recommender(_corpus.RankedOptions() with { Interactions = _corpus.Interactions(("2", 1), ("9", 4), ("2", 30)), UnknownQueries = UnknownQueryPolicy.Popularity });
        made.Save(_folder["1"]);
        var random = new DotRec.Kernels.SeededRandom(3);
        var (answers, errors) = (0, 0);
        foreach (var path in Directory.EnumerateFiles(_folder["1"]).Where(path => !path.EndsWith(".onnx", StringComparison.Ordinal) && !path.EndsWith(".json", StringComparison.Ordinal)))
        {
            var bytes = File.ReadAllBytes(path);
            for (var trial = 0; trial < 60; trial++)
            {
                // Sections begin at 4,096; before them there are mostly zeros.
                var position = random.NextInt(3) == 0 ? random.NextInt(bytes.Length) : 4096 + random.NextInt(bytes.Length - 4096);
                var altered = (byte[])bytes.Clone();
                altered[position] ^= (byte)(1 << random.NextInt(8));
                File.WriteAllBytes(path + ".new", altered);
                File.Move(path + ".new", path, overwrite: true);
                try
                {
                    using var loaded = Recommender.Load(_folder["1"], BundleVerification.Lengths);
                    foreach (var user in new[] { "2", "9", "stranger" })
                    {
                        _ = loaded.Recommend(new { user_id = user, age = 3f }, k: 50).Select(item => item.ToString()).ToArray();
                    }

                    answers++;
                }
                catch (Exception exception) when (exception is BundleException or ArtifactFormatException or InvalidQueryException)
                {
                    Assert.NotEmpty(exception.Message);
                    errors++;
                }
            }

            File.WriteAllBytes(path + ".new", bytes);
            File.Move(path + ".new", path, overwrite: true);
        }

        Assert.True(answers > 20 && errors > 20, $"{answers} answers, {errors} errors");
    }

    [Fact]
    public void A_file_whose_hash_is_known_is_read_again_only_when_it_changes()
    {
        using var made = _corpus.Recommender();
        made.Save(_folder["1"]);
        var path = Path.Combine(_folder["1"], "query.0.table");
        var (bytes, old) = (File.ReadAllBytes(path), TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1));
        File.SetLastWriteTimeUtc(path, old);
        Recommender.Load(_folder["1"], BundleVerification.Hashes).Dispose();
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.StartsWith($"{path} is altered", Assert.Throws<BundleException>(() => Recommender.Load(_folder["1"], BundleVerification.Hashes)).Message, StringComparison.Ordinal);
        File.SetLastWriteTimeUtc(path, old); // as it was: by its length and times it is the file whose hash is known
        Recommender.Load(_folder["1"], BundleVerification.Hashes).Dispose();
    }

    [Theory]
    [InlineData("\"inputs\": [", "\"inputs\": [null,", "'query.inputs' is a list; a list of objects; entry 0 is null was expected.")]
    [InlineData("\"files\": [", "\"files\": [null,", "'files' is a list; a list of objects; entry 0 is null was expected.")]
    [InlineData("\"columns\": [", "\"columns\": [null,", "'items.columns' is a list; a list of objects; entry 0 is null was expected.")]
    [InlineData("\"k\": 10", "\"k\": -1", "'k' is -1; an integer of 1 or more was expected.")]
    [InlineData("\"k\": 10", "\"k\": null", "'k' is null; a value, or no such property, was expected.")]
    [InlineData("\"k\": 10", "\"k\": 1e99", "'k' is 1e99; an integer of 1 or more was expected.")]
    [InlineData("\"k\": 10", "\"kk\": 10", "'k' is missing; an integer of 1 or more was expected.")]
    [InlineData("\"unknownQueries\": \"OutOfVocabulary\"", "\"unknownQueries\": \"7\"", "'unknownQueries' is \"7\"; one of OutOfVocabulary, Popularity was expected.")]
    [InlineData("\"rankedCandidates\": 100", "\"rankedCandidates\": 0", "'rankedCandidates' is 0; an integer of 1 or more was expected.")]
    [InlineData("\"dimension\": 8", "\"dimension\": -8", "'index.dimension' is -8; an integer of 1 or more was expected.")]
    [InlineData("\"dimension\": 8", "\"dimension\": 9", "promises 50 items, width 9")]
    [InlineData("\"rowCount\": 21", "\"rowCount\": 4611686018427387904", "promises 4611686018427387904 of 8")]
    [InlineData("\"count\": 50", "\"count\": 49", "promises 49 items")]
    public void A_description_with_nulls_and_impossible_numbers_is_one_sentence(string right, string wrong, string message)
    {
        using var made = _corpus.Recommender();
        made.Save(_folder["1"]);
        var path = Path.Combine(_folder["1"], "bundle.json");
        var text = File.ReadAllText(path);
        var at = text.IndexOf(right, StringComparison.Ordinal);
        Assert.True(at > 0, right);
        var body = (text[..at] + wrong + text[(at + right.Length)..])[..^(text.Length - text.LastIndexOf(",\n  \"sha256\"", StringComparison.Ordinal))];
        File.WriteAllBytes(path, BundleJsonTests.Reseal(body));
        Assert.Contains(message, Assert.Throws<BundleException>(() => Recommender.Load(_folder["1"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_outlive_their_recommender()
    {
        using var made = Full();
        made.Save(_folder["1"]);
        var loaded = Recommender.Load(_folder["1"]);
        var answer = loaded.Recommend(new { user_id = "5" });
        loaded.Dispose();
        Assert.All(answer, item => Assert.Equal((_corpus.Titles[item.Row], _corpus.Ids[item.Row]), (item.Get<string>("title"), item.ItemId.Text)));
    }

    [Fact]
    public void A_description_that_points_out_of_its_directory_is_refused()
    {
        using var made = _corpus.Recommender();
        made.Save(_folder["1"]);
        var path = Path.Combine(_folder["1"], "bundle.json");
        var manifest = (RecommenderManifest)BundleJson.Read(File.ReadAllBytes(path), path);
        File.WriteAllBytes(path, BundleJson.Write(manifest with { Files = [.. manifest.Files, new BundleFile("../secret", 3, new string('0', 64))] }));
        Fails(BundleVerification.Lengths, $"{path} lists the file '../secret'; files of a bundle have plain names and lie in its own directory.");
        File.WriteAllBytes(path, BundleJson.Write(manifest with { Query = manifest.Query! with { File = "../secret" } }));
        Fails(BundleVerification.Lengths, $"{path} names the file '../secret' but does not list it among the bundle's files.");
    }

    [Fact]
    public void Nothing_changes_on_the_disk_when_loading_fails()
    {
        using var made = _corpus.Recommender();
        made.Save(_folder["1"]);
        File.Delete(Path.Combine(_folder["1"], "query.onnx"));
        var before = Snapshot();
        Assert.Throws<BundleException>(() => Recommender.Load(_folder["1"]));
        Assert.Equal(before, Snapshot());
    }

    [Fact]
    public void Recommenders_without_columns_and_with_one_item_round_trip()
    {
        using var index = BruteForceIndex.Build(new float[8], ItemIds.From(new[] { 5L }));
        using var made = new Recommender(_corpus.QueryModel, index);
        made.Save(_folder["1"]);
        using var loaded = Recommender.Load(_folder["1"]);
        Assert.Equal(5L, Assert.Single(loaded.Recommend(new { user_id = "1" })).ItemId.Number);
    }

    private string[] Snapshot() =>
        [.. Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private void Fails(BundleVerification verification, string message) =>
        Assert.Equal(message, Assert.Throws<BundleException>(() => Recommender.Load(_folder["1"], verification)).Message);

    private Recommender Full() => _corpus.Recommender(_corpus.Options with
    {
        K = 7,
        ItemModel = TestModels.ItemTower(_corpus.UserTable, _corpus.Dimension),
        Interactions = _corpus.Interactions(("2", 1), ("9", 4), ("2", 30), ("2", 1)),
        ExcludeSeen = false,
        UnknownQueries = UnknownQueryPolicy.Popularity,
        Metrics = new Dictionary<string, double> { ["test.hitRate@10"] = 0.25 },
        Facts = new JsonObject { ["preset"] = "tuned", ["seed"] = 42 },
    });
}
