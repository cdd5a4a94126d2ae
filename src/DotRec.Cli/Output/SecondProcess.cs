using System.Diagnostics;
using System.Text.Json.Nodes;

namespace DotRec.Cli;

/// <summary>Runs this tool again as a process of its own: proof that a bundle needs nothing of the process that made it.</summary>
internal static class SecondProcess
{
    /// <summary>Asks the bundle; the child's table appears on this terminal. Returns its JSON result.</summary>
    public static async Task<JsonNode?> RecommendAsync(string bundle, string query, CancellationToken cancellation)
    {
        var json = Path.Combine(Path.GetTempPath(), $"dotrec-{Environment.ProcessId}-recommend.json");
        try
        {
            var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false };
            // Under "dotnet DotRec.Cli.dll" the process is the dotnet host, which wants the assembly first.
            if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            {
                start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "DotRec.Cli.dll"));
            }

            foreach (var argument in (string[])["recommend", "--bundle", bundle, "--query", query, "--json", json])
            {
                start.ArgumentList.Add(argument);
            }

            using var process = Process.Start(start)!;
            using var end = cancellation.Register(process.Kill);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellation.ThrowIfCancellationRequested();
            return process.ExitCode == 0
                ? JsonNode.Parse(await File.ReadAllTextAsync(json, cancellation))
                : throw new InvalidOperationException($"The process that read the bundle back ended with exit code {process.ExitCode}.");
        }
        finally
        {
            File.Delete(json);
        }
    }
}
