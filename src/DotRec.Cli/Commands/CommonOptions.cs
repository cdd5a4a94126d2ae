using System.CommandLine;

namespace DotRec.Cli;

/// <summary>Options that several commands share, made anew for each command.</summary>
internal static class CommonOptions
{
    public static Option<string?> Json() => new("--json") { Description = "Also write the result as one JSON object to this file.", HelpName = "path" };

    public static Option<string> Bundle() => new("--bundle", "-b") { Description = "The bundle's directory.", HelpName = "dir", Required = true };

    public static Option<ulong> Seed(ulong value) =>
        new("--seed") { Description = "Decides every random choice.", HelpName = "n", DefaultValueFactory = _ => value };
}
