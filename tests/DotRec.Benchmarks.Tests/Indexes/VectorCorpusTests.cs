using System.Globalization;
using DotRec.Indexing;

namespace DotRec.Benchmarks.Tests;

public class VectorCorpusTests
{
    [Fact]
    public void Held_out_rows_are_queries_and_no_items()
    {
        using var folder = new TemporaryFolder();
        WriteRows(folder["v.txt"], 50);
        var corpus = VectorCorpus.HoldOut(folder["v.txt"], 20, ScoreFunction.Dot, seed: 7);
        Assert.Equal(("v", 30, 20, 2), (corpus.Name, corpus.ItemCount, corpus.QueryCount, corpus.Dimension));
        var first = corpus.Items.Concat(corpus.Queries).Where((_, i) => i % 2 == 0).Order();
        Assert.Equal(Enumerable.Range(0, 50).Select(row => (float)row), first);
        Assert.Equal(corpus.Queries, VectorCorpus.HoldOut(folder["v.txt"], 20, ScoreFunction.Dot, seed: 7).Queries);
        Assert.NotEqual(corpus.Queries, VectorCorpus.HoldOut(folder["v.txt"], 20, ScoreFunction.Dot, seed: 8).Queries);
    }

    [Fact]
    public void Items_and_queries_must_fit()
    {
        using var folder = new TemporaryFolder();
        WriteRows(folder["v.txt"], 5);
        File.WriteAllText(folder["q.txt"], "1 2 3\n");
        Assert.Contains("has rows of 2 values", Assert.Throws<UsageException>(() => VectorCorpus.Read(folder["v.txt"], folder["q.txt"], ScoreFunction.Dot)).Message, StringComparison.Ordinal);
        Assert.Contains("5 cannot be held out", Assert.Throws<UsageException>(() => VectorCorpus.HoldOut(folder["v.txt"], 5, ScoreFunction.Dot, 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Perturbed_copies_shrink_every_value_by_a_factor_of_its_own()
    {
        var plain = new VectorCorpus("x", [1, -2, 4, 8], [1, 1], 2, ScoreFunction.Dot);
        var corpus = plain.WithPerturbedCopies(500, seed: 3);
        Assert.Equal(1002, corpus.ItemCount);
        Assert.Equal(plain.Items, corpus.Items[..4]);
        var factors = corpus.Items.Select((value, i) => value / plain.Items[i % 4]).Skip(4).ToArray();
        Assert.All(factors, factor => Assert.InRange(factor, 0, 1));
        Assert.InRange(factors.Average(), 0.47, 0.53);
        Assert.Equal(factors.Length, factors.Distinct().Count());
    }

    [Fact]
    public void Made_up_vectors_follow_from_the_seed_and_have_spread_lengths()
    {
        var corpus = VectorCorpus.Synthetic(3000, 16, 100, ScoreFunction.Dot, seed: 5);
        Assert.Equal((3000, 100, 16), (corpus.ItemCount, corpus.QueryCount, corpus.Dimension));
        Assert.Equal(corpus.Items, VectorCorpus.Synthetic(3000, 16, 100, ScoreFunction.Dot, seed: 5).Items);
        var lengths = corpus.Items.Chunk(16).Select(row => Math.Log(row.Sum(value => value * value)) / 2).ToArray();
        var mean = lengths.Average();
        Assert.InRange(mean, -0.03, 0.03);
        Assert.InRange(Math.Sqrt(lengths.Average(length => (length - mean) * (length - mean))), 0.28, 0.32);
    }

    [Fact]
    public void Every_format_of_vectors_gives_the_same_rows()
    {
        using var folder = new TemporaryFolder();
        WriteRows(folder["v.txt"], 4);
        float[] rows = [0, 0.5f, 1, 1.5f, 2, 2.5f, 3, 3.5f];
        CorpusExport.WriteNumpy(folder["v.npy"], "<f4", rows, 2);
        File.WriteAllBytes(folder["v.fvecs"], [.. rows.Chunk(2).SelectMany(row => (byte[])[.. BitConverter.GetBytes(2), .. row.SelectMany(BitConverter.GetBytes)])]);
        CorpusExport.WriteNumpy(folder["h.npy"], "<f2", Array.ConvertAll(rows, value => (Half)value), 2);
        CorpusExport.WriteNumpy(folder["d.npy"], "<f8", Array.ConvertAll(rows, value => (double)value), 2);
        foreach (var name in (string[])["v.txt", "v.npy", "v.fvecs", "h.npy", "d.npy"])
        {
            using var source = VectorFile.Open(folder[name]);
            Assert.Equal(rows, VectorFile.Rows(source));
        }

        Assert.Contains("there is no such file", Assert.Throws<UsageException>(() => VectorFile.Open(folder["none.npy"])).Message, StringComparison.Ordinal);
        CorpusExport.WriteNumpy<Half>(folder["e.npy"], "<f2", [], 2);
        Assert.Contains("holds no rows", Assert.Throws<UsageException>(() => VectorFile.Open(folder["e.npy"])).Message, StringComparison.Ordinal);
        File.WriteAllText(folder["v.bin"], "");
        Assert.Contains("the extension tells no format", Assert.Throws<UsageException>(() => VectorFile.Open(folder["v.bin"])).Message, StringComparison.Ordinal);
    }

    private static void WriteRows(string path, int count) =>
        File.WriteAllLines(path, Enumerable.Range(0, count).Select(row => string.Create(CultureInfo.InvariantCulture, $"w{row} {row} {row + 0.5}")));
}
