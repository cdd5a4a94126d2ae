using System.Diagnostics;
using System.Text.Json.Nodes;

namespace DotRec.Benchmarks.Tests;

/// <summary>The benchmarks' program, inside this process or as one of its own.</summary>
internal static class Tool
{
    /// <summary>Runs a command line of <c>index</c>, its arguments divided by blanks; returns exit code and what it said on stderr.</summary>
    public static async Task<(int Code, string Error)> RunAsync(string arguments)
    {
        using var error = new StringWriter();
        var code = await IndexCommandLine.RunAsync(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), error);
        return (code, error.ToString());
    }

    /// <summary>Runs a command that is to succeed and returns what it wrote to <c>--json</c>.</summary>
    public static async Task<JsonNode> ResultAsync(string arguments)
    {
        using var folder = new TemporaryFolder();
        Assert.Equal((0, ""), await RunAsync($"{arguments} --json {folder["result.json"]}"));
        Assert.Equal([folder["result.json"]], Directory.GetFiles(Path.GetDirectoryName(folder["result.json"])!));
        return JsonNode.Parse(await File.ReadAllTextAsync(folder["result.json"], TestContext.Current.CancellationToken))!;
    }

    /// <summary>Starts the program as a process that SIGINT ends, though tests in the background of a script ignore it and children inherit that.</summary>
    public static Process Start(string arguments)
    {
        var tool = Path.Combine(AppContext.BaseDirectory, "DotRec.Benchmarks");
        var (program, rest) = OperatingSystem.IsLinux() ? ("env", $"--default-signal=INT \"{tool}\" {arguments}") : (tool, arguments);
        return Process.Start(new ProcessStartInfo(program, rest) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
    }
}
