using System.Diagnostics;
using System.Globalization;

namespace DotRec.Benchmarks;

/// <summary>Most memory the process held since a moment.</summary>
internal static class PeakMemory
{
    private const string ResetFile = "/proc/self/clear_refs";

    /// <summary>Starts anew where the system can (Linux); elsewhere the peak is that of the whole process.</summary>
    public static void Reset()
    {
        // Aggressive: what earlier work left in pools is given back to the system first.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (OperatingSystem.IsLinux())
        {
            try
            {
                File.WriteAllText(ResetFile, "5");
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                // A sandbox may forbid it: the figure is then that of the whole process, as elsewhere.
            }
        }
    }

    /// <summary>Resident bytes, at most.</summary>
    public static long Bytes()
    {
        const string Field = "VmHWM:";
        if (OperatingSystem.IsLinux()
            && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) is { } line)
        {
            return 1024 * long.Parse(line[Field.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
        }

        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
