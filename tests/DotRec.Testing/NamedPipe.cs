using System.Diagnostics;

namespace DotRec.Testing;

/// <summary>Pipes that lie in folders, as Unix has them.</summary>
public static class NamedPipe
{
    /// <summary>Makes one.</summary>
    /// <returns>The path.</returns>
    public static string Create(string path)
    {
        using var process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        return process.ExitCode == 0 ? path : throw new IOException($"mkfifo {path} ended with {process.ExitCode}.");
    }
}
