using System.Text.Json;
using System.Text.Json.Nodes;

namespace DotRec.Tutorials;

/// <summary>The command line: which tutorials to run, their results as a table and as JSON. Exit codes: 0, all bounds kept; 1, one missed; 2, wrong use.</summary>
internal static class TutorialProgram
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static int Run(string[] args, IReadOnlyList<Tutorial> tutorials, TextWriter output, TextWriter errors)
    {
        if (args.FirstOrDefault() is not { } name || name is "--help" or "-h" or "help")
        {
            output.WriteLine(Help(tutorials));
            return args.Length == 0 ? 2 : 0;
        }

        try
        {
            var chosen = tutorials.Where(tutorial => name == "all" || tutorial.Name == name).ToArray();
            if (chosen.Length == 0)
            {
                throw new ArgumentException($"There is no tutorial '{name}'. There are: {string.Join(", ", tutorials.Select(tutorial => tutorial.Name))}, all.");
            }

            var options = TutorialOptions.Parse(args.AsSpan(1));
            foreach (var tutorial in chosen)
            {
                if (tutorial.NeedsData)
                {
                    Require(tutorial, options.Data, "MovieLens 100K", "ml-100k.zip", "--data");
                }

                if (tutorial.NeedsOneMillion)
                {
                    Require(tutorial, options.OneMillion, "MovieLens 1M", "ml-1m.zip", "--one-million");
                }
            }

            return Run(chosen, options, output, errors);
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            errors.WriteLine(exception.Message);
            return 2;
        }
    }

    private static void Require(Tutorial tutorial, string? path, string set, string file, string option)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw new ArgumentException(
                $"{tutorial.Name} needs {set}, but {(path is null ? $"no {option} is given" : $"there is nothing at '{path}'")}. "
                + $"Name the file {file} as GroupLens publishes it, or the folder it was extracted to: {option} PATH.");
        }
    }

    private static int Run(Tutorial[] tutorials, TutorialOptions options, TextWriter output, TextWriter errors)
    {
        var kept = true;
        var documents = new JsonArray();
        foreach (var tutorial in tutorials)
        {
            output.WriteLine($"\n## {tutorial.Name}\n\n{tutorial.Summary}\n\n{Result.Head}");
            var results = new List<Result>();
            try
            {
                foreach (var result in tutorial.Run(options, output))
                {
                    output.WriteLine(result);
                    results.Add(result);
                    kept &= result.Holds;
                }
            }
            catch (ClaimFailedException exception)
            {
                errors.WriteLine($"{tutorial.Name}: {exception.Message}");
                kept = false;
            }

            documents.Add(new JsonObject { ["tutorial"] = tutorial.Name, ["seeds"] = options.Seeds, ["results"] = JsonSerializer.SerializeToNode(results, Json) });
        }

        if (options.Json is { } path)
        {
            File.WriteAllText(path, documents.ToJsonString(Json) + "\n");
        }

        return kept ? 0 : 1;
    }

    private static string Help(IReadOnlyList<Tutorial> tutorials) =>
        $"""
        The tutorials of TensorFlow Recommenders with DotRec: numbers beside TFRS' published ones.

        dotnet run -c Release --project benchmarks/DotRec.Tutorials -- NAME [--data PATH] [--one-million PATH] [--seeds N] [--json FILE]

        NAME
        {string.Join('\n', tutorials.Select(tutorial => $"  {tutorial.Name,-20} {tutorial.Summary}"))}
          {"all",-20} every one of them

        --data PATH   ml-100k.zip as GroupLens publishes it, or the folder it was extracted to
        --one-million PATH
                      ml-1m.zip, or its folder: sequential needs it
        --seeds N     number of random splits and first weights the mean ± standard deviation is of (default 5)
        --json FILE   writes the results there too

        The exit code is 0 when every bound was kept, 1 when one was missed, 2 when the command could not be understood or the data not be read.
        """;
}
