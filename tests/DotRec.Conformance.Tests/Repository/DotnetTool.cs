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
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,

            // A build server that outlives the test would keep its output open.
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0" },
        };
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
}
