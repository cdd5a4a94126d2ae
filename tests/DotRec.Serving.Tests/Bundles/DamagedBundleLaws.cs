using System.Security.Cryptography;
using System.Text;
using DotRec.Indexing;

namespace DotRec.Serving.Tests;

/// <summary>Bundles with a damaged file whose hash was made right again answer or are refused, in bounded time and memory.</summary>
[Collection(nameof(DamagedBundleLaws))]
public sealed class DamagedBundleLaws : IDisposable
{
    private const long FreeBytes = 64 << 20;
    private const long BytesAByte = 256;

    private readonly TemporaryFolder _folder = new();
    private readonly TestCorpus _corpus = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_damaged_file_gives_answers_or_one_sentence()
    {
        using (var made = _corpus.Recommender(_corpus.RankedOptions() with
        {
            ItemModel = TestModels.ItemTower(_corpus.UserTable, _corpus.Dimension),
            Interactions = _corpus.Interactions(("2", 1), ("9", 4), ("2", 30)),
            UnknownQueries = UnknownQueryPolicy.Popularity,
        }))
        {
            made.Save(_folder["1"]);
        }

        Check(loaded =>
        {
            foreach (var user in new[] { "2", "9", "stranger" })
            {
                _ = loaded.Recommend(new { user_id = user, age = 3f }, k: 50).Select(item => item.ToString()).ToArray();
            }

            _ = loaded.EmbedItem(new { movie_id = "3" });
        });
    }

    [Fact]
    public void A_damaged_file_of_a_recommender_by_histories_gives_answers_or_one_sentence()
    {
        using (var made = HistoryCorpus.Recommender(UnknownQueryPolicy.Popularity))
        {
            made.Save(_folder["1"]);
        }

        Check(loaded =>
        {
            foreach (var user in new[] { "ann", "bob", "stranger" })
            {
                _ = loaded.Recommend(new { user }, k: 5).Select(item => item.ToString()).ToArray();
            }

            _ = loaded.Recommend(new { history = new[] { "b", "a" } }, new RecommendOptions { Diversity = 0.5f });
            _ = loaded.SimilarItems("c");
        });
    }

    [Fact]
    public void A_damaged_file_of_a_blend_gives_answers_or_one_sentence()
    {
        using (var made = HistoryModelRecommenderTests.OfBlend(0.5, UnknownQueryPolicy.Popularity))
        {
            made.Save(_folder["1"]);
        }

        Check(loaded =>
        {
            foreach (var user in new[] { "1", "2", "stranger" })
            {
                _ = loaded.Recommend(new { user_id = user }, k: 5).Select(item => item.ToString()).ToArray();
            }

            _ = loaded.Recommend(new { user_id = "1", history = new[] { "b", "a" } }, new RecommendOptions { Diversity = 0.5f });
            _ = loaded.SimilarItems("c");
        });
    }

    private void Check(Action<Recommender> use)
    {
        var whole = Directory.EnumerateFiles(_folder["1"]).Order(StringComparer.Ordinal).ToDictionary(path => path, File.ReadAllBytes, StringComparer.Ordinal);
        var length = whole.Values.Sum(bytes => bytes.LongLength);
        var damage = new Damage(23);
        var (answers, refused) = (0, 0);
        foreach (var (path, valid) in whole)
        {
            for (var trial = Damage.Trials(30); trial > 0; trial--)
            {
                Replace(whole, path, damage.Of(valid));
                try
                {
                    _ = Damage.Holds(length, BytesAByte, FreeBytes, () => TryUse(use)) ? answers++ : refused++;
                }
                catch (Exception broken)
                {
                    Assert.Fail($"Trial {trial} of {Path.GetFileName(path)}: {broken.GetBaseException()}");
                }
            }

            File.WriteAllBytes(path, valid);
        }

        Assert.True(answers > 0 && refused > 0, $"{answers} answers, {refused} refused");
    }

    private bool TryUse(Action<Recommender> use)
    {
        try
        {
            using var loaded = Recommender.Load(_folder["1"]);
            use(loaded);
            return true;
        }
        catch (Exception refused) when (refused is BundleException or ArtifactFormatException or InvalidQueryException)
        {
            Assert.NotEmpty(refused.Message);
            return false;
        }
        catch (InvalidOperationException failed) when (failed.Message.Contains(" failed on ", StringComparison.Ordinal))
        {
            // A graph that opens may still fail on a query; ONNX Runtime says why.
            return false;
        }
    }

    // The description lists the damaged file as it is; a damaged description is sealed again.
    private void Replace(Dictionary<string, byte[]> whole, string path, byte[] bytes)
    {
        var description = Path.Combine(_folder["1"], BundleManifest.FileName);
        if (path == description)
        {
            var text = Encoding.Latin1.GetString(bytes);
            var end = text.LastIndexOf(",\n  \"sha256\"", StringComparison.Ordinal);
            bytes = Encoding.Latin1.GetBytes(end < 0 ? text : text[..end]);
            var seal = Encoding.ASCII.GetBytes($",\n  \"sha256\": \"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"\n}}\n");
            File.WriteAllBytes(description, [.. bytes, .. seal]);
            return;
        }

        File.WriteAllBytes(path + ".new", bytes);
        File.Move(path + ".new", path, overwrite: true);
        var manifest = (RecommenderManifest)BundleJson.Read(whole[description], description);
        File.WriteAllBytes(description, BundleJson.Write(manifest with
        {
            Files = [.. manifest.Files.Select(file => file.Name == Path.GetFileName(path) ? new BundleFile(file.Name, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))) : file)],
        }));
    }
}

/// <summary>What measures the memory of the whole process runs alone.</summary>
[CollectionDefinition(nameof(DamagedBundleLaws), DisableParallelization = true)]
public sealed class DamagedBundleLawsCollection;
