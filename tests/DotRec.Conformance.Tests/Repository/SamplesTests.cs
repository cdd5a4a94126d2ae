using System.Globalization;
using System.Text.RegularExpressions;

namespace DotRec.Conformance.Tests;

/// <summary>Every sample is one file, and <c>dotnet run</c> with it does what the readme says.</summary>
public sealed partial class SamplesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dotrec-samples-").FullName;

    public static string[] Names { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "samples"), "*.cs").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_first_program_turns_a_file_into_a_bundle_that_answers()
    {
        // Two hundred people of three tastes: of 150 films each likes a third, and has had 20 of those.
        var rows =
            from user in Enumerable.Range(0, 200)
            from choice in Enumerable.Range(0, 20)
            select string.Create(CultureInfo.InvariantCulture, $"{user},{(3 * (((user * 17) + (choice * choice) + (3 * choice)) % 50)) + (user % 3)},{(choice % 5) + 1}");
        await File.WriteAllLinesAsync(Path.Combine(_folder, "ratings.csv"), rows.Prepend("user_id,movie_id,rating"), TestContext.Current.CancellationToken);

        var output = await RunAsync("First");
        var (model, popularity) = HitRates(output);
        Assert.True(model > popularity, output);
        var movies = Recommended(output);
        Assert.Equal(5, movies.Length);
        Assert.All(movies, movie => Assert.Equal(42 % 3, int.Parse(movie, CultureInfo.InvariantCulture) % 3));
        Assert.True(File.Exists(Path.Combine(_folder, "models", "first", "1", "bundle.json")));
    }

    [Fact]
    public async Task Two_towers_in_code_beat_popularity_and_are_served()
    {
        var output = await RunAsync("RecommendFilms");
        var (model, popularity) = HitRates(output);
        Assert.True(model > popularity, output);
        Assert.Equal(5, Recommended(output).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Retrieval_and_ranking_in_code_are_served_as_one()
    {
        var output = await RunAsync("RankFilms");
        Assert.InRange(double.Parse(RootMeanSquare().Match(output).Groups[1].Value, CultureInfo.InvariantCulture), 0.5, 1.2);
        Assert.Equal(5, Recommended(output).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Every_sample_has_its_test() => Assert.Equal(["First", "RankFilms", "RecommendFilms", "ServeFilms"], Names);

    private async Task<string> RunAsync(string sample)
    {
        var (code, output) = await DotnetTool.RunAsync(_folder, ["run", .. DotnetTool.Sample(sample)]);
        Assert.True(code == 0, output);
        return output;
    }

    private static (double Model, double Popularity) HitRates(string output)
    {
        var groups = HitRate().Match(output).Groups;
        return (double.Parse(groups[1].Value, CultureInfo.InvariantCulture), double.Parse(groups[2].Value, CultureInfo.InvariantCulture));
    }

    private static string[] Recommended(string output) => [.. Answer().Matches(output).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"hit rate at 100: (\d\.\d{3}), popularity (\d\.\d{3})")]
    private static partial Regex HitRate();

    [GeneratedRegex(@"RMSE (\d\.\d{3})")]
    private static partial Regex RootMeanSquare();

    [GeneratedRegex(@"^-?\d+\.\d\d  (.+?)\r?$", RegexOptions.Multiline)]
    private static partial Regex Answer();
}
