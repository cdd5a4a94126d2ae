using System.IO.Compression;
using DotRec.Kernels;

namespace DotRec.Data;

/// <summary>The files of a zip archive, or of a folder it was extracted to, found by their names.</summary>
internal sealed class DataArchive
{
    private readonly string _path;
    private readonly bool _isFolder;
    private readonly string[] _names;

    /// <exception cref="FileNotFoundException">There is nothing at the path.</exception>
    /// <exception cref="DataFormatException">The file is not a whole zip archive.</exception>
    public DataArchive(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
        _isFolder = Directory.Exists(path);
        if (_isFolder)
        {
            _names = [.. Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(path, file).Replace('\\', '/'))];
        }
        else
        {
            using var zip = OpenZip();
            _names = [.. zip.Entries.Select(entry => entry.FullName).Where(name => !name.EndsWith('/'))];
        }

        Array.Sort(_names, StringComparer.Ordinal);
    }

    /// <summary>Path of the archive or folder.</summary>
    public string Location => _path;

    /// <summary>Names of all files in ordinal order, with their folders.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The file whose name, or the end of it after a folder, is <paramref name="name"/>; null when there is none.</summary>
    public DataFile? TryFind(string name)
    {
        var found = Array.Find(_names, candidate => candidate == name)
            ?? Array.Find(_names, candidate => candidate.EndsWith("/" + name, StringComparison.Ordinal));
        return found is null ? null : new DataFile($"{_path}/{found}", () => Open(found));
    }

    /// <exception cref="DataFormatException">There is no such file.</exception>
    public DataFile Find(string name) =>
        TryFind(name) ?? throw new DataFormatException(_path, $"there is no file '{name}' in it. The files are: {Listing()}.");

    /// <exception cref="DataFormatException">There is no file, or several.</exception>
    public DataFile OnlyFile() => _names.Length == 1
        ? Find(_names[0])
        : throw new DataFormatException(
            _path, $"found {_names.Length} files in the archive, expected one. Name one: {_path}/<file>. The files are: {Listing()}.");

    private string Listing() => _names.Length == 0 ? "(none)" : string.Join(", ", _names.Take(20)) + (_names.Length > 20 ? ", …" : null);

    private Stream Open(string name)
    {
        if (_isFolder)
        {
            return DataFile.OpenFile(Path.Combine(_path, name));
        }

        var zip = OpenZip();
        try
        {
            return new CheckedStream($"{_path}/{name}", zip.GetEntry(name)!);
        }
        catch (InvalidDataException broken)
        {
            zip.Dispose();
            throw NotAZip(broken);
        }
    }

    private ZipArchive OpenZip()
    {
        if (!File.Exists(_path))
        {
            throw new FileNotFoundException(
                $"{_path}: there is no such file or folder. Check the path; relative paths start at {Environment.CurrentDirectory}.", _path);
        }

        var file = RegularFile.Open(_path);
        try
        {
            var zip = new ZipArchive(file, ZipArchiveMode.Read);
            _ = zip.Entries;
            return zip;
        }
        catch (InvalidDataException broken)
        {
            file.Dispose();
            throw NotAZip(broken);
        }
    }

    private DataFormatException NotAZip(InvalidDataException cause) =>
        new(_path, "found a file that is not a whole zip archive, expected one. It is truncated or of another format: fetch it again.", cause);
}
