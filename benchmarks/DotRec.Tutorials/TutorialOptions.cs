using System.Globalization;

namespace DotRec.Tutorials;

/// <summary>What the command line asks for.</summary>
/// <param name="Data">The MovieLens 100K zip file or folder; null when none is named.</param>
/// <param name="OneMillion">The MovieLens 1M zip file or folder; null when none is named.</param>
/// <param name="Seeds">Number of seeds: of random splits and of first weights.</param>
/// <param name="Json">Where the results are written; null for nowhere.</param>
internal sealed record TutorialOptions(string? Data, string? OneMillion, int Seeds, string? Json)
{
    /// <summary>Reads the options after the tutorial's name.</summary>
    /// <exception cref="ArgumentException">An option is unknown, lacks its value, or the value is of no use.</exception>
    public static TutorialOptions Parse(ReadOnlySpan<string> args)
    {
        var options = new TutorialOptions(null, null, 5, null);
        for (var i = 0; i < args.Length; i += 2)
        {
            if (i + 1 == args.Length && args[i] is "--data" or "--one-million" or "--seeds" or "--json")
            {
                throw new ArgumentException($"{args[i]} needs a value.");
            }

            options = args[i] switch
            {
                "--data" => options with { Data = args[i + 1] },
                "--one-million" => options with { OneMillion = args[i + 1] },
                "--json" => options with { Json = args[i + 1] },
                "--seeds" => options with { Seeds = SeedCount(args[i + 1]) },
                _ => throw new ArgumentException($"There is no option '{args[i]}'. The options are --data PATH, --one-million PATH, --seeds N and --json FILE."),
            };
        }

        return options;
    }

    private static int SeedCount(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seeds) && seeds is > 0 and <= 1000
        ? seeds
        : throw new ArgumentException($"--seeds is '{text}', but takes a whole number from 1 to 1000.");
}
