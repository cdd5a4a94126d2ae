using DotRec.Kernels;

namespace DotRec.Cli.Tests;

/// <summary>A small table in which one column tells the label, and a ranking bundle trained on it; made once, tests must not change them.</summary>
public sealed class SmallRanker : IAsyncLifetime
{
    /// <summary>A column name that HTML and XML must write otherwise.</summary>
    public const string Awkward = "tags<&'>";

    private readonly TemporaryFolder _folder = new();

    public string Bundle => _folder["bundle"];

    /// <summary>600 rows: colour (tells bought), noise (a number), the awkward column (noise) and bought.</summary>
    public string Data => _folder["rows.csv"];

    public async ValueTask InitializeAsync()
    {
        var random = new SeededRandom(1);
        string[] colours = ["red", "green", "blue", "grey"];
        await File.WriteAllLinesAsync(Data, [$"colour,noise,{Awkward},bought", .. Enumerable.Range(0, 600).Select(_ =>
        {
            var colour = random.NextInt(4);
            var bought = random.NextSingle() < (colour < 2 ? 0.95f : 0.05f);
            return FormattableString.Invariant($"{colours[colour]},{random.NextSingle() + 0.001f:F3},t{random.NextInt(5)},{(bought ? 1 : 0)}");
        })]);
        Assert.Equal((0, ""), await Tool.RunAsync($"train --task ranking --data {Data} --label bought --model dcn --epochs 12 --batch-size 64 --learning-rate 0.02 --output {Bundle}"));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
