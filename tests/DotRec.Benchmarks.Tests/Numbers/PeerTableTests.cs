namespace DotRec.Benchmarks.Tests;

public sealed class PeerTableTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PeerTableTests()
    {
        foreach (var name in (string[])["glove-50-cosine", "glove-50-dot", "tfrs-serving", "synthetic-1m"])
        {
            Write(name, "| **DotRec ScannIndex** | 2.3 | 228 | 53,704 | 41,995 | 19,684 | |");
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_row_has_the_best_of_the_tables_at_each_level_the_build_of_the_fastest_and_the_graph()
    {
        Write(
            "glove-50-cosine",
            "| **DotRec ScannIndex** | 2.3 | 228 | 53,704 | 41,995 | 19,684 | |",
            "| FAISS IVF512,PQ25x4fs,RFlat (AVX2) | 3.3 | 222 | 13,931 | 12,500 | – | 3.6 |",
            "| FAISS IVF512,PQ25x4fsr,RFlat (AVX2) | 2.2 | 222 | 17,367 | 12,232 | – | 2.7 |",
            "| hnswlib M=16 ef_construction=200 | 79.1 | 349 | 7,562 | 5,199 | 2,109 | 6.2 |");
        Assert.Contains("| GloVe, 398,000 x 50, cosine | 2.3 / 2.2 / 79 s | 53,704 / 17,367 / 7,562 | 41,995 / 12,500 / 5,199 | 19,684 / not reached / 2,109 |", Table(), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_table_reaches_a_level_the_quickest_build_is_named_and_without_a_graph_there_are_two()
    {
        Write(
            "glove-50-dot",
            "| **DotRec ScannIndex** | 2.1 | 224 | 20,624 | 13,131 | 8,197 | |",
            "| FAISS IVF512,PQ25x4fs,RFlat (AVX2) | 2.3 | 222 | – | – | – | – |",
            "| FAISS IVF512,PQ25x4fsr,RFlat (AVX2) | 2.1 | 222 | – | – | – | – |");
        Assert.Contains("| 2.1 / 2.1 s | 20,624 / not reached | 13,131 / not reached | 8,197 / not reached |", Table(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_without_its_table_is_named()
    {
        File.WriteAllText(_folder["tfrs-serving.md"], "# nothing\n");
        Assert.Contains("tfrs-serving.md", Assert.Throws<InvalidDataException>(Table).Message, StringComparison.Ordinal);
    }

    private string Table() => PeerTable.Of(Path.GetDirectoryName(_folder["x"])!, "few-dimensions");

    private void Write(string name, params string[] rows) => File.WriteAllLines(
        _folder[name + ".md"],
        [
            "# " + name, "", "| | build s | bytes/vector | QPS at 0.90 | QPS at 0.95 | QPS at 0.99 | ratio at 0.90 |", "|---|---:|---:|---:|---:|---:|---:|", .. rows,
            .. rows.Any(row => row.Contains("FAISS IVF", StringComparison.Ordinal)) ? Array.Empty<string>() : ["| FAISS IVF1 | 1.0 | 1 | 1 | 1 | 1 | 1 |"], "",
        ]);
}
