using System.Diagnostics;

namespace DotRec.Kernels.Tests;

/// <summary>A folder of its own for one test, removed afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("dotrec-files-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    /// <summary>Names of what is in it, in order.</summary>
    public string[] Names => [.. Directory.EnumerateFileSystemEntries(Root).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>Makes a named pipe.</summary>
    public string Pipe(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Named pipes lie in folders on Unix only.");
        using var process = Process.Start("mkfifo", this[name]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return this[name];
    }
}
