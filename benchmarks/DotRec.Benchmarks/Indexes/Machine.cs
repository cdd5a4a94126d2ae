using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>What figures were taken on.</summary>
internal static class Machine
{
    public static JsonObject Describe() => new()
    {
        ["processor"] = Processor(),
        ["processors"] = Environment.ProcessorCount,
        ["instructionSet"] = KernelSelection.Current.ToString(),
        ["os"] = RuntimeInformation.OSDescription,
        ["runtime"] = RuntimeInformation.FrameworkDescription,
        ["dotrec"] = typeof(Machine).Assembly.GetName().Version?.ToString(),
    };

    /// <summary>How many threads of the whole machine wanted to run in the last minute, on Linux; null elsewhere.</summary>
    public static double? Load() =>
        File.Exists("/proc/loadavg") ? double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture) : null;

    /// <summary>The first seven digits of the commit that was built.</summary>
    public static string Commit()
    {
        var version = typeof(Machine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        return version.Split('+') is [_, { Length: >= 7 } commit] ? commit[..7] : version;
    }

    private static string Processor()
    {
        const string InfoFile = "/proc/cpuinfo";
        const string Field = "model name";
        var line = File.Exists(InfoFile) ? File.ReadLines(InfoFile).FirstOrDefault(text => text.StartsWith(Field, StringComparison.Ordinal)) : null;
        return line is null ? $"{RuntimeInformation.ProcessArchitecture}" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
