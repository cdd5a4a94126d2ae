using System.Buffers.Binary;
using DotRec.Indexing;

namespace DotRec.Benchmarks.Tests;

public class IndexCommandTests
{
    private const string Small = "index --synthetic 4000,16 --held-out 60 --passes 2";

    [Fact]
    public async Task The_exact_index_finds_everything()
    {
        using var folder = new TemporaryFolder();
        var result = await Tool.ResultAsync($"{Small} --index bruteforce --metric cosine --export {folder["corpus"]}");
        Assert.Equal(1.0, (double)Assert.Single(result["front"]!.AsArray())!["recall"]!);
        Assert.All(result["targets"]!.AsArray(), target => Assert.Equal(1.0, (double)target!["recall"]!));
        Assert.InRange((double)result["bytesPerVector"]!, 4 * 16, 4 * 16 * 2);
        Assert.Equal(("cosine", 4000, 60, 10), ((string)result["corpus"]!["metric"]!, (int)result["corpus"]!["items"]!, (int)result["corpus"]!["queries"]!, (int)result["corpus"]!["k"]!));

        using var items = EmbeddingSource.Open(Path.Combine(folder["corpus"], "base.npy"));
        using var queries = EmbeddingSource.Open(Path.Combine(folder["corpus"], "queries.npy"));
        Assert.Equal((4000, 16, 60, 16), (items.Count, items.Dimension, queries.Count, queries.Dimension));
        Assert.Equal(VectorCorpus.Synthetic(4000, 16, 60, ScoreFunction.Cosine, 42).Items, VectorFile.Rows(items));
        var truth = await File.ReadAllBytesAsync(Path.Combine(folder["corpus"], "truth.npy"), TestContext.Current.CancellationToken);
        using var exact = BruteForceIndex.Build(VectorFile.Rows(items), 16, scoreFunction: ScoreFunction.Cosine);
        Assert.Equal(exact.Search(VectorFile.Rows(queries).AsSpan(0, 16), 10)[0].Row, BinaryPrimitives.ReadInt32LittleEndian(truth.AsSpan(128)));
    }

    [Fact]
    public async Task The_approximate_index_trades_recall_for_speed_and_its_front_is_drawn()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["peers.json"], """{ "peers": { "a": { "name": "other", "front": [{ "recall": 0.9, "qps": 1000 }, { "recall": 0.99, "qps": 500 }] } } }""", TestContext.Current.CancellationToken);
        var result = await Tool.ResultAsync($"{Small} --tier tree --peers {folder["peers.json"]} --plot {folder["front.png"]}");
        var front = result["front"]!.AsArray();
        Assert.True((double)front[^1]!["recall"]! > 0.95);
        Assert.All(front, point => Assert.True((double)point!["p50Microseconds"]! <= (double)point["p99Microseconds"]! && (double)point["qps"]! > 0));
        Assert.True((int)front[^1]!["settings"]!["partitionsToSearch"]! >= 1 && (int)front[^1]!["settings"]!["rescoringCount"]! >= 10);
        Assert.True((double)result["buildSeconds"]! > 0 && (long)result["peakBytes"]! >= (long)result["bytesBeforeBuild"]! && (double)result["bruteForceQps"]! > 0);
        var picture = await File.ReadAllBytesAsync(folder["front.png"], TestContext.Current.CancellationToken);
        Assert.Equal("PNG"u8, picture.AsSpan(1, 3));
        Assert.Equal((1000, 640), (BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(20))));
    }

    [Theory]
    [InlineData("index", "Give either --base with a file of vectors or --synthetic")]
    [InlineData("index --base a.npy --synthetic 10,2", "Give either --base with a file of vectors or --synthetic")]
    [InlineData("index --synthetic 10x2", "--synthetic is '10x2'; expected")]
    [InlineData("index --synthetic 100,2 --held-out 1", "There is 1 query; at least 2 are needed")]
    [InlineData("index --base none.npy", "none.npy: there is no such file.")]
    [InlineData("index --base a.npy --query b.npy --held-out 3", "leave out --held-out")]
    [InlineData("index --base a.npy --mixture spectral", "--mixture says what --synthetic draws; without that, leave it out.")]
    [InlineData("index --base a.npy --length-spread 0", "--length-spread says what --synthetic draws; without that, leave it out.")]
    [InlineData("index --synthetic 100,2 -k 0", "--k is 0; at least 1 is needed.")]
    [InlineData("index --synthetic 1000 --length-spread 0,5", "--length-spread is '0,5'; a number")]
    [InlineData("index --synthetic 100,2 --peers none.json", "none.json: there is no such file.")]
    public async Task Wrong_options_are_told_in_a_line(string arguments, string message)
    {
        var (code, error) = await Tool.RunAsync(arguments);
        Assert.Equal(1, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }
}
