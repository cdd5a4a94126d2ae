using System.Globalization;
using System.Text;
using DotRec.Kernels;

namespace DotRec.Cli.Tests;

/// <summary>Made-up clicks: whether somebody of a city and an age clicks depends on both together; "noise" tells nothing.</summary>
internal static class ClickFile
{
    public const string Header = "city,age,noise,clicked";

    public static string[] Rows(int count, ulong seed = 1)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var (city, age, noise) = (random.NextInt(4), 18 + random.NextInt(50), random.NextDouble());
            var clicks = (city % 2 == 0) == (age < 40) ? 0.9 : 0.1;
            return string.Create(CultureInfo.InvariantCulture, $"town {city},{age},{noise:F3},{(random.NextDouble() < clicks ? "yes" : "no")}");
        })];
    }

    /// <summary>Writes lines under a header.</summary>
    public static string Write(this TemporaryFolder folder, string name, string header, IEnumerable<string> rows)
    {
        File.WriteAllText(folder[name], new StringBuilder(header).Append('\n').AppendJoin('\n', rows).Append('\n').ToString());
        return folder[name];
    }
}
