namespace DotRec.Pipelines.Tests;

public sealed class SettingsSearchTests : IDisposable
{
    private static readonly SettingsSearch<string> Search = new(("a", [1, 2, 3], 1), ("b", [0.5, 0.25], 0));
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_setting_is_searched_from_the_best_of_the_one_before()
    {
        var tried = new List<string>();
        var (best, words) = Search.Run(values => Measure(values, tried));
        Assert.Equal(["2 0.5", "1 0.5", "3 0.5", "3 0.25"], tried);
        Assert.Equal(("3 0.25", "a 3, b 0.25"), (best, words));
    }

    [Fact]
    public void What_was_measured_before_is_not_measured_again_but_for_the_best()
    {
        var (first, second, third) = (new List<string>(), new List<string>(), new List<string>());
        Assert.Throws<OperationCanceledException>(() => Search.Run(
            values => first.Count < 2 ? Measure(values, first) : throw new OperationCanceledException(), SearchLog.Open(_folder["fit"], "rows"), "model"));

        var whole = Search.Run(values => Measure(values, second), SearchLog.Open(_folder["fit"], "rows"), "model");
        Assert.Equal(["3 0.5", "3 0.25"], second);
        Assert.Equal(whole, Search.Run(values => Measure(values, third), SearchLog.Open(_folder["fit"], "rows"), "model"));
        Assert.Equal(["3 0.25"], third);

        var others = new List<string>();
        Search.Run(values => Measure(values, others), SearchLog.Open(_folder["fit"], "rows"), "another model");
        Assert.Equal(4, others.Count);
    }

    [Theory]
    [InlineData("{\"of\": \"other rows\", \"figures\": {}}", "is of a search with other rows or options")]
    [InlineData("{\"of\": \"rows\", \"figures\": {\"a\": \"text\"}}", "is not the file of a search")]
    [InlineData("{\"of\": \"rows\"}", "is not the file of a search")]
    [InlineData("{\"of\": 3, \"figures\": {}}", "is not the file of a search")]
    [InlineData("damaged", "is not the file of a search")]
    public void A_file_of_something_else_is_refused(string content, string told)
    {
        File.WriteAllText(_folder["fit.search"], content);
        var error = Assert.Throws<ArgumentException>(() => SearchLog.Open(_folder["fit"], "rows"));
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.Contains("Delete it, or name another checkpoint.", error.Message, StringComparison.Ordinal);
    }

    private static (double Figure, string Trial) Measure(double[] values, List<string> tried)
    {
        tried.Add(FormattableString.Invariant($"{values[0]} {values[1]}"));
        return (values[0] - values[1], tried[^1]);
    }
}
