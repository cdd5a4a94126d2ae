using System.Text.Json.Nodes;

namespace DotRec.Serving.Tests;

public sealed class BundleJsonTests
{
    [Fact]
    public void Manifest_round_trips_to_the_same_bytes()
    {
        var bytes = BundleJson.Write(BundleWriterTests.Manifest());
        var read = BundleJson.Read(bytes, "bundle.json");
        Assert.Equal(bytes, BundleJson.Write(read));
        Assert.Equal(double.NaN, read.Metrics["nothing"]);
        Assert.Equal("user_id", read.Query.Inputs[0].Name);
    }

    [Fact]
    public void A_sealed_manifest_that_lacks_a_property_is_named()
    {
        var error = Assert.Throws<BundleException>(() => BundleJson.Read(Reseal("{\n  \"formatVersion\": 1,\n  \"k\": 10"), "1/bundle.json"));
        Assert.StartsWith("1/bundle.json is not the description of a bundle: ", error.Message, StringComparison.Ordinal);
        Assert.Contains("query", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_documented_schema_names_every_property_that_is_written_and_no_other()
    {
        var manifest = BundleWriterTests.Manifest() with
        {
            Item = BundleWriterTests.Manifest().Query,
            QueryIdFeature = "user_id",
            Facts = [],
            Items = BundleWriterTests.Manifest().Items with { PopularityColumn = "popularity", SeenFile = "seen.parquet" },
            Files = [new BundleFile("a.bin", 1, new string('0', 64))],
        };
        var written = JsonNode.Parse(BundleJson.Write(manifest))!;
        var schema = JsonNode.Parse(DocumentedSchema())!;
        Same(schema, written);
        Same(schema["properties"]!["items"]!, written["items"]!);
        Same(schema["properties"]!["index"]!, written["index"]!);
        Same(schema["properties"]!["files"]!["items"]!, written["files"]![0]!);
        Same(schema["$defs"]!["model"]!, written["query"]!);
        Same(schema["$defs"]!["value"]!, written["query"]!["inputs"]![0]!);

        static void Same(JsonNode schema, JsonNode written) =>
            Assert.Equal(schema["properties"]!.AsObject().Select(property => property.Key), written.AsObject().Select(property => property.Key));
    }

    private static byte[] Reseal(string body)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(body);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        return [.. bytes, .. System.Text.Encoding.UTF8.GetBytes($",\n  \"sha256\": \"{hash}\"\n}}\n")];
    }

    private static string DocumentedSchema()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "DotRec.slnx")))
        {
            directory = directory.Parent!;
        }

        var text = File.ReadAllText(Path.Combine(directory.FullName, "docs", "file-formats.md"));
        var start = text.IndexOf("```json\n", StringComparison.Ordinal) + "```json\n".Length;
        return text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
