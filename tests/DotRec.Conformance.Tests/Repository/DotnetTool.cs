using System.Diagnostics;

namespace DotRec.Conformance.Tests;

/// <summary>The <c>dotnet</c> command, as a process of its own.</summary>
internal static class DotnetTool
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>The configuration that these tests were built with: Release or Debug, in small letters.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Name;

    /// <summary>Runs a command to its end in a folder; returns its exit code and everything that it said.</summary>
    public static Task<(int Code, string Output)> RunAsync(string folder, params string[] arguments) => RunAsync(folder, [], arguments);

    /// <summary>As the other, with variables of the environment.</summary>
    public static Task<(int Code, string Output)> RunAsync(string folder, (string Name, string Value)[] environment, params string[] arguments) =>
        RunProgramAsync("dotnet", folder, environment, arguments);

    /// <summary>As the other, of any program.</summary>
    public static async Task<(int Code, string Output)> RunProgramAsync(string program, string folder, (string Name, string Value)[] environment, params string[] arguments)
    {
        var start = Start(folder, arguments);
        start.FileName = program;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        try
        {
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(
                Patience, TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return (process.ExitCode, output + await error);
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>The arguments of <c>dotnet run</c> that name a sample. What it references is what the tests were built with: building it again would write under running tests.</summary>
    public static string[] Sample(string name) =>
        ["-c", Configuration, "--property:BuildProjectReferences=false", Path.Combine(RepositoryRoot.Path, "samples", name + ".cs")];

    /// <summary>A command in a folder, its output to be read.</summary>
    public static ProcessStartInfo Start(string folder, string[] arguments) => new("dotnet", arguments)
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = folder,

        // A build server that outlives the test would keep its output open.
        Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0" },
    };
}
