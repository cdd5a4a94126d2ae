namespace DotRec.Testing;

/// <summary>What this process has open and mapped, as Linux tells it.</summary>
public static class OpenDescriptors
{
    /// <summary>Open descriptors and mappings that lead to files below a folder.</summary>
    public static string[] Below(string folder)
    {
        var open = Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(path => new FileInfo(path).LinkTarget ?? "");
        var mapped = File.ReadLines("/proc/self/maps").Select(line => line.IndexOf('/', StringComparison.Ordinal) is >= 0 and var start ? line[start..] : "");
        return [.. open.Concat(mapped).Where(path => path.StartsWith(folder, StringComparison.Ordinal))];
    }
}
