using System.Text.Json.Nodes;

namespace DotRec.Serving.Tests;

public sealed class BundleJsonTests
{
    [Fact]
    public void Manifest_round_trips_to_the_same_bytes()
    {
        var bytes = BundleJson.Write(BundleWriterTests.Manifest());
        var read = Assert.IsType<RecommenderManifest>(BundleJson.Read(bytes, "bundle.json"));
        Assert.Equal(bytes, BundleJson.Write(read));
        Assert.Equal(double.NaN, read.Metrics["nothing"]);
        Assert.Equal("user_id", read.Query!.Inputs[0].Name);
    }

    [Fact]
    public void A_sealed_manifest_that_lacks_a_property_is_named()
    {
        var error = Assert.Throws<BundleException>(() => BundleJson.Read(Reseal("{\n  \"formatVersion\": 2,\n  \"k\": 10"), "1/bundle.json"));
        Assert.StartsWith("1/bundle.json is not the description of a bundle: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("'items' is missing; an object was expected.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_documented_schema_names_every_property_that_is_written_and_no_other()
    {
        var manifest = BundleWriterTests.Manifest() with
        {
            Query = BundleWriterTests.Manifest().Query! with { GraphInputs = [], Vocabularies = [new BundleVocabulary("v", "user_id", "/rows")], Tables = [new BundleTable("t", "/table", 2, 8)] },
            History = new BundleHistory("history", 0.5, 10, "histories.items"),
            Blend = new BundleBlend("blend.index", "blend.table", 0.5),
            ExcludeSeen = false,
            Item = BundleWriterTests.Manifest().Query,
            Ranker = BundleWriterTests.Manifest().Query,
            RankedCandidates = 100,
            ContextFeatures = ["hour"],
            QueryIdFeature = "user_id",
            Facts = [],
            Items = BundleWriterTests.Manifest().Items with { PopularityFile = "items.popularity", SeenFile = "seen.items" },
            ExtraFiles = ["b.bin"],
            Files = [new BundleFile("a.bin", 1, new string('0', 64))],
        };
        var written = JsonNode.Parse(BundleJson.Write(manifest))!;
        var schema = JsonNode.Parse(DocumentedSchema(0))!;
        Same(schema, written);
        Same(schema["properties"]!["history"]!, written["history"]!);
        Same(schema["properties"]!["blend"]!, written["blend"]!);
        Same(schema["properties"]!["items"]!, written["items"]!);
        Same(schema["properties"]!["items"]!["properties"]!["columns"]!["items"]!, written["items"]!["columns"]![0]!);
        Same(schema["properties"]!["index"]!, written["index"]!);
        Same(schema["properties"]!["files"]!["items"]!, written["files"]![0]!);
        Same(schema["$defs"]!["model"]!, written["query"]!);
        Same(schema["$defs"]!["model"]!["properties"]!["vocabularies"]!["items"]!, written["query"]!["vocabularies"]![0]!);
        Same(schema["$defs"]!["model"]!["properties"]!["tables"]!["items"]!, written["query"]!["tables"]![0]!);
        Same(schema["$defs"]!["value"]!, written["query"]!["inputs"]![0]!);

        var ranker = new RankerManifest
        {
            FormatVersion = BundleManifest.CurrentFormatVersion,
            Ranker = manifest.Query,
            LabelColumn = "label",
            Score = ScoreMeaning.Probability,
            Metrics = manifest.Metrics,
            Facts = [],
            Libraries = manifest.Libraries,
            ExtraFiles = ["b.bin"],
            Files = manifest.Files,
        };
        Same(JsonNode.Parse(DocumentedSchema(1))!, JsonNode.Parse(BundleJson.Write(ranker))!);

        static void Same(JsonNode schema, JsonNode written) =>
            Assert.Equal(schema["properties"]!.AsObject().Select(property => property.Key), written.AsObject().Select(property => property.Key));
    }

    [Fact]
    public void A_bundle_that_does_not_say_its_kind_is_a_recommender()
    {
        var text = System.Text.Encoding.UTF8.GetString(BundleJson.Write(BundleWriterTests.Manifest())).Replace("\n  \"kind\": \"recommender\",", "", StringComparison.Ordinal);
        var body = text[..text.IndexOf(",\n  \"sha256\"", StringComparison.Ordinal)];
        Assert.DoesNotContain("kind", body, StringComparison.Ordinal);
        Assert.IsType<RecommenderManifest>(BundleJson.Read(Reseal(body), "bundle.json"));
        var error = Assert.Throws<BundleException>(() => BundleJson.Read(Reseal("{\n  \"formatVersion\": 2,\n  \"kind\": \"oracle\""), "bundle.json"));
        Assert.Equal("bundle.json has the kind 'oracle'; recommender and ranker are known. Use a newer version of DotRec.", error.Message);
    }

    [Theory]
    [InlineData("\"k\": 10", "\"k\": 10, \"k\": 11", "Duplicate")]
    [InlineData("\"movie_id\"", "\"\\ud800\"", "a text in it is no text.")]
    public void A_description_that_readers_could_take_in_two_ways_is_refused(string right, string wrong, string message)
    {
        var body = System.Text.Encoding.UTF8.GetString(BundleJson.Write(BundleWriterTests.Manifest()));
        body = body[..body.LastIndexOf(",\n  \"sha256\"", StringComparison.Ordinal)].Replace(right, wrong, StringComparison.Ordinal);
        Assert.Contains(message, Assert.Throws<BundleException>(() => BundleJson.Read(Reseal(body), "1/bundle.json")).Message, StringComparison.OrdinalIgnoreCase);
    }

    internal static byte[] Reseal(string body)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(body);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        return [.. bytes, .. System.Text.Encoding.UTF8.GetBytes($",\n  \"sha256\": \"{hash}\"\n}}\n")];
    }

    /// <summary>The first schema in the document is of a recommender, the second of a ranker.</summary>
    private static string DocumentedSchema(int position)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "DotRec.slnx")))
        {
            directory = directory.Parent!;
        }

        var text = File.ReadAllText(Path.Combine(directory.FullName, "docs", "file-formats.md"));
        return text.Split("```json\n")[position + 1].Split("```")[0];
    }
}
