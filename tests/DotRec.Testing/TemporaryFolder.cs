using System.Text;

namespace DotRec.Testing;

/// <summary>A folder of its own for one test, deleted afterwards.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>The folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("dotrec-test-").FullName;

    /// <summary>Names of the files in it, in order.</summary>
    public IEnumerable<string> Files => Directory.EnumerateFiles(Path).Select(path => System.IO.Path.GetFileName(path)).Order(StringComparer.Ordinal);

    /// <summary>Names of the files and folders in it, in order.</summary>
    public IEnumerable<string> Entries => Directory.EnumerateFileSystemEntries(Path).Select(path => System.IO.Path.GetFileName(path)).Order(StringComparer.Ordinal);

    /// <summary>The path of a file or folder in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file, and the folders above it, and returns its path.</summary>
    public string Write(string name, ReadOnlySpan<byte> content)
    {
        var path = this[name];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <inheritdoc cref="Write(string, ReadOnlySpan{byte})"/>
    public string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
