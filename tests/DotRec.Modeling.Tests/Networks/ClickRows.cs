using DotRec.Data;
using DotRec.Kernels;

namespace DotRec.Modeling.Tests;

/// <summary>Rows with every kind of column: strings, integers, numbers some of which are missing, text, lists some of which are empty.</summary>
internal static class ClickRows
{
    public static FieldOptions Options { get; } = new() { EmbeddingDimension = 4, Texts = ["title"], Numbers = ["visits"] };

    public static FeatureBatch Of(int rows, ulong seed)
    {
        var random = new SeededRandom(seed);
        var (users, titles, tags) = (new string[rows], new string[rows], new List<string>());
        var (items, visits) = (new long[rows], new long[rows]);
        var (ages, clicked) = (new float[rows], new float[rows]);
        var offsets = new int[rows + 1];
        for (var row = 0; row < rows; row++)
        {
            var (user, item) = (random.NextInt(20), random.NextInt(30));
            (users[row], items[row], titles[row]) = ($"u{user}", item, $"the {(item % 2 == 0 ? "quiet" : "loud")} w{item % 7}");
            (visits[row], ages[row]) = (1L << random.NextInt(12), row % 5 == 0 ? float.NaN : 20 + (50 * random.NextSingle()));
            clicked[row] = random.NextSingle() < (user % 2 == item % 2 ? 0.9f : 0.1f) ? 1 : 0;
            tags.AddRange(Enumerable.Range(0, item % 3).Select(tag => $"t{tag}"));
            offsets[row + 1] = tags.Count;
        }

        return new FeatureBatch(
            new Column<string>("user", users),
            new Column<long>("item", items),
            new Column<float>("age", ages),
            new Column<long>("visits", visits),
            new Column<string>("title", titles),
            new Column<string>("tags", [.. tags], offsets),
            new Column<float>("clicked", clicked));
    }

    /// <summary>Values no training row has: unknown categories and words, a missing number, large numbers, no tag, no title.</summary>
    public static FeatureBatch Strange() => new(
        new Column<string>("user", ["nobody", "u1"]),
        new Column<long>("item", [-5, 3]),
        new Column<float>("age", [float.NaN, 1e6f]),
        new Column<long>("visits", [-7, 1L << 40]),
        new Column<string>("title", ["", "never seen"]),
        new Column<string>("tags", ["never"], [0, 0, 1]),
        new Column<float>("clicked", [0, 1]));
}
