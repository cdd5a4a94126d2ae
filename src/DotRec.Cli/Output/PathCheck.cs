using System.CommandLine;
using DotRec.Kernels;
using DotRec.Serving;

namespace DotRec.Cli;

/// <summary>Checks the paths of a command line before any work: each names something, and no output is one of the inputs or another output.</summary>
internal static class PathCheck
{
    // The argument of inspect.
    private const string Argument = "path";

    private static readonly string[] Read = ["--data", "--items", "--test", "--all", "--bundle", Argument];
    private static readonly string[] WrittenFiles = ["--json", "--export-ranks", "--checkpoint"];

    private static readonly string[] SplitFiles = ["train.parquet", "validation.parquet", "test.parquet"];

    /// <exception cref="UserException">A path is empty, or writing an output would destroy an input.</exception>
    public static void Require(ParseResult parsed)
    {
        var inputs = new List<Place>();
        var outputs = new List<Place>();
        foreach (var (name, path) in Given(parsed))
        {
            if (Array.IndexOf(Read, name) >= 0)
            {
                inputs.Add(new Place(name == Argument ? "the command" : name, NotEmpty(name, path), Source(path)));
            }
            else if (Array.IndexOf(WrittenFiles, name) >= 0 || name is "--output" or "--export-split" or "--onnx")
            {
                outputs.Add(new Place(name, NotEmpty(name, path), Real(path)));
            }
        }

        var writesBundle = parsed.CommandResult.Command.Name is TrainCommand.Name or "quickstart";
        foreach (var output in outputs)
        {
            foreach (var input in inputs)
            {
                if (Conflict(output, input, writesBundle) is { } conflict)
                {
                    throw new UserException($"{output.Option} {output.Path} {conflict}. Name another place.");
                }
            }

            if (outputs.Find(other => other != output && other.Full == output.Full) is { } twin)
            {
                throw new UserException($"{output.Option} and {twin.Option} both name {output.Path}. Name a place for each.");
            }
        }
    }

    private static string? Conflict(Place output, Place input, bool writesBundle)
    {
        if (output.Full == input.Full)
        {
            return $"is what {input.Option} reads, which would be overwritten";
        }

        if (IsWithin(output.Full, input.Full) && Directory.Exists(input.Full) && IsPartOf(output.Full, input.Full))
        {
            return $"is in the folder that {input.Option} reads";
        }

        return output.Option switch
        {
            "--output" when writesBundle && IsWithin(input.Full, output.Full) => $"holds what {input.Option} reads, which would be lost when the bundle there is replaced",
            "--export-split" when SplitFiles.Any(file => Real(Path.Combine(output.Full, file)) == input.Full) => $"holds what {input.Option} reads, which would be overwritten",
            _ => null,
        };
    }

    // Of a folder of data every file is a part, new ones too; of a bundle those that its description names.
    private static bool IsPartOf(string path, string folder)
    {
        if (!BundleDescription.IsIn(folder))
        {
            return true;
        }

        return Directory.Exists(path) || (File.Exists(path) && (Path.GetFileName(path) == BundleDescription.FileName
            || File.ReadAllText(Path.Combine(folder, BundleDescription.FileName)).Contains($"\"{Path.GetFileName(path)}\"", StringComparison.Ordinal)));
    }

    private static bool IsWithin(string path, string folder) =>
        path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string NotEmpty(string option, string path) =>
        path.Length > 0 ? path : throw new UserException($"{option} is empty; a path was expected.");

    // A member of an archive is read from the archive.
    private static string Source(string path)
    {
        var full = Path.GetFullPath(path);
        for (var part = full; !string.IsNullOrEmpty(part); part = Path.GetDirectoryName(part))
        {
            if (File.Exists(part) || Directory.Exists(part))
            {
                return File.Exists(part) || part == full ? Real(part) : Real(full);
            }
        }

        return full;
    }

    // Without links, however it is written, and also where its end does not exist yet.
    private static string Real(string path)
    {
        try
        {
            return LinkedPath.Resolve(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Links in a circle, or a folder that may not be looked into: reading or writing it tells more.
            return Path.GetFullPath(path);
        }
    }

    private static IEnumerable<(string Name, string Path)> Given(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        foreach (var argument in command.Arguments)
        {
            foreach (var token in parsed.GetResult(argument)?.Tokens ?? [])
            {
                yield return (argument.Name, token.Value);
            }
        }

        foreach (var option in command.Options)
        {
            // All other options take words, columns and numbers.
            foreach (var token in parsed.GetResult(option)?.Tokens ?? [])
            {
                yield return (option.Name, token.Value);
            }
        }
    }

    private sealed record Place(string Option, string Path, string Full);
}
