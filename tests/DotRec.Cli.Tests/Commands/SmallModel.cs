namespace DotRec.Cli.Tests;

/// <summary>A small made-up MovieLens and a bundle trained on it, made once for all tests; tests must not change them.</summary>
public sealed class SmallModel : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The bundle; the query tower reads <c>user_id</c>, the item tower <c>movie_id</c>.</summary>
    public string Bundle => _folder["bundle"];

    public string Ratings => Path.Combine(_folder["data"], "ratings.parquet");

    public string Movies => Path.Combine(_folder["data"], "movies.parquet");

    public string Users => Path.Combine(_folder["data"], "users.parquet");

    /// <summary>Ratings with integer ids (u, i), a time (t), a number with fractions (x) and a list (l), as CSV.</summary>
    public string Csv => _folder["choices.csv"];

    public string Train(string output) => $"train --data {Ratings} --query user_id --item movie_id --items {Movies} --model two-tower --epochs 2 --batch-size 256 --output {output}";

    public async ValueTask InitializeAsync()
    {
        Assert.Equal((0, ""), await Tool.RunAsync($"datasets generate --users 60 --movies 90 --ratings 1500 --output {_folder["data"]}"));
        Assert.Equal((0, ""), await Tool.RunAsync(Train(Bundle)));
        await File.WriteAllLinesAsync(Csv, ["u,i,t,x,l,text", .. Enumerable.Range(0, 120).Select(n => $"{n % 7},{n % 11},{n},{n % 3}.5,a|b{n % 4},some words {n % 5}")]);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
