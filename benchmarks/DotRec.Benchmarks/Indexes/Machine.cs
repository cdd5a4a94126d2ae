using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace DotRec.Benchmarks;

/// <summary>What figures were taken on.</summary>
internal static class Machine
{
    public static JsonObject Describe() => new()
    {
        ["processor"] = Processor(),
        ["processors"] = Environment.ProcessorCount,
        ["os"] = RuntimeInformation.OSDescription,
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["dotrec"] = typeof(Machine).Assembly.GetName().Version?.ToString(),
    };

    private static string Processor()
    {
        const string InfoFile = "/proc/cpuinfo";
        const string Field = "model name";
        var line = File.Exists(InfoFile) ? File.ReadLines(InfoFile).FirstOrDefault(text => text.StartsWith(Field, StringComparison.Ordinal)) : null;
        return line is null ? $"{RuntimeInformation.ProcessArchitecture}" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
