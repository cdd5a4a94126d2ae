using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DotRec.Benchmarks;

namespace DotRec.Conformance.Tests;

/// <summary>Figures in documents are those of result files, and the readme has no others.</summary>
public sealed partial class NumbersTests
{
    private static readonly string Results = Path.Combine(RepositoryRoot.Path, "benchmarks", "results");

    public static TheoryData<string> Documents => [.. MarkedDocument.All(RepositoryRoot.Path).Select(path => Path.GetRelativePath(RepositoryRoot.Path, path))];

    public static TheoryData<string> ResultFiles => [.. Directory.EnumerateFiles(Results, "*.json").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void The_tables_of_a_document_are_those_of_its_result_files(string document)
    {
        var text = File.ReadAllText(Path.Combine(RepositoryRoot.Path, document)).ReplaceLineEndings("\n");
        var written = MarkedDocument.Written(text, Results);
        Assert.True(written == text, $"{document} differs from its result files: run 'dotnet run -c Release --project benchmarks/DotRec.Benchmarks -- numbers' and commit what it writes.");
    }

    [Theory]
    [MemberData(nameof(ResultFiles))]
    public void A_result_file_says_what_was_run_on_what_and_when_and_a_document_shows_it(string file)
    {
        var content = ResultDocument.Read(Path.Combine(Results, file)).Content;
        Assert.Contains("dotnet run -c Release --project benchmarks/", (string)content["command"]!, StringComparison.Ordinal);
        Assert.Matches(@"^\d{4}-\d\d-\d\d$", (string)content["date"]!);
        Assert.Matches("^[0-9a-f]{7}$", (string)content["commit"]!);
        Assert.All((string[])["processor", "instructionSet", "os", "runtime"], field => Assert.NotEmpty((string)content["machine"]![field]!));
        Assert.True((int)content["machine"]!["processors"]! > 0);
        Assert.True(content["machine"]!["loadBefore"] is not null || content["note"] is not null, $"{file} says neither the load of the machine nor why not.");
        var name = Path.GetFileNameWithoutExtension(file);
        Assert.All(content["tables"]!.AsObject(), table => Assert.Contains(
            MarkedDocument.All(RepositoryRoot.Path), path => File.ReadAllText(path).Contains($"<!-- numbers {name} {table.Key} -->", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_readme_has_no_figure_of_speed_or_quality_that_is_not_written_by_machine()
    {
        var text = Code().Replace(MarkedDocument.ByHand(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "README.md"))), "");
        Assert.Empty(Figures(text));

        // What is claimed in words stands in a paragraph that links to figures.
        Assert.All(
            text.Split("\n\n").Where(paragraph => Claim().IsMatch(paragraph)),
            paragraph => Assert.Contains("](benchmarks/results", paragraph, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Without AVX-512 GloVe by cosine was 1.9 to 2.2 times as fast as FAISS.")]
    [InlineData("TensorFlow Recommenders publishes .2334 for its recipe.")]
    [InlineData("A hit rate of 0.41 ± 0.01.")]
    [InlineData("It opens in 58 ms, in 3.6 milliseconds the second time.")]
    [InlineData("206 to 263 GFLOPS")]
    [InlineData("1,700 queries a second")]
    [InlineData("It is 3x faster and takes 40 % of the memory.")]
    public void A_figure_by_hand_is_found(string text) => Assert.NotEmpty(Figures(text));

    [Theory]
    [InlineData("MovieLens 100K, random 80/20 splits, 3 epochs, dimension 32, all 1,664 titles, over 5 seeds; .NET 10, FAISS 1.7.3, 128-bit vectors, recall @10.")]
    [InlineData("[128](benchmarks/results/index/mixture-128-l2.md), 768 by [distance](benchmarks/results/index/mixture-768-l2.md)")]
    public void Sizes_versions_and_settings_are_no_figures(string text) => Assert.Empty(Figures(text));

    [Fact]
    public void Cells_are_written_as_their_columns_say()
    {
        var table = new ResultTable([new("what"), new("rate", ".0000"), new("µs", "N1")], [["a", ResultTable.Pair(0.41151, 0.00371), ResultTable.Number(5393.24)], ["b", null, ResultTable.Number(2)]]);
        const string Markdown = "| what | rate | µs |\n|---|---:|---:|\n| a | .4115 ± .0037 | 5,393.2 |\n| b |  | 2.0 |";
        Assert.Equal(Markdown, table.ToMarkdown());
        Assert.Equal(Markdown, ResultTable.Read(JsonNode.Parse(table.ToJson().ToJsonString())!).ToMarkdown());
    }

    [Fact]
    public void A_mark_without_a_result_or_an_end_is_refused()
    {
        Assert.Contains("numbers nothing", Refused("<!-- numbers nothing at-all -->\n<!-- end -->"), StringComparison.Ordinal);
        Assert.Contains("has no table 'at-all'", Refused("<!-- numbers movielens at-all -->\n<!-- end -->"), StringComparison.Ordinal);
        Assert.Contains("few-dimensions", Refused("<!-- numbers peers at-all -->\n<!-- end -->"), StringComparison.Ordinal);
        Assert.Contains("no <!-- end -->", Refused("<!-- numbers movielens hit-rates -->\n<!-- numbers movielens about -->\n<!-- end -->"), StringComparison.Ordinal);

        static string Refused(string text) => Assert.Throws<InvalidDataException>(() => MarkedDocument.Written(text, Results)).Message;
    }

    private static IEnumerable<string> Figures(string text) => Figure().Matches(Link().Replace(text, "")).Select(match => match.Value);

    // A number with a unit of time or speed, a ratio, a share below one, a deviation.
    [GeneratedRegex(
        @"\d\s*(ms|µs|us|ns|s|GB/s|MB/s|GFLOPS|QPS|milliseconds?|microseconds?|seconds?)\b|\d\s*(times|x|-?fold)\b(?=\s*(as|faster|slower|less|more|the))|\d\s*%|±\s*\.?\d|(?<![\d.@])0?\.\d{2,}|\d (queries|examples|rows|requests|items) a second",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Figure();

    [GeneratedRegex(@"\b(faster|slower|milliseconds?|microseconds?|outperforms?|state[- ]of[- ]the[- ]art)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Claim();

    [GeneratedRegex("```.*?```|`[^`\n]*`", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\([^)]*\)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();
}
