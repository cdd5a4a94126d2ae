using DotRec.Kernels;

namespace DotRec.Data;

/// <summary>A file of data: plain, compressed with gzip, or a member of a zip archive, read in place. Can be opened again.</summary>
/// <param name="Name">What errors call it.</param>
/// <param name="Open">Opens it from its start.</param>
internal sealed record DataFile(string Name, Func<Stream> Open)
{
    /// <summary>
    /// Finds a file by its path: <c>ratings.csv</c>, <c>ratings.csv.gz</c>, <c>archive.zip/folder/ratings.csv</c>, or <c>archive.zip</c> when one file is
    /// in it.
    /// </summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The path is a folder or a zip archive with several files, or the archive is broken.</exception>
    public static DataFile Find(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        CheckNoFolder(path);
        if (File.Exists(path))
        {
            return HasExtension(path, ".zip") ? new DataArchive(path).OnlyFile()
                : HasExtension(path, ".gz") ? new DataFile(path, () => OpenGzip(path))
                : new DataFile(path, () => OpenFile(path));
        }

        for (var archive = Path.GetDirectoryName(path); !string.IsNullOrEmpty(archive); archive = Path.GetDirectoryName(archive))
        {
            if (HasExtension(archive, ".zip") && File.Exists(archive))
            {
                return new DataArchive(archive).Find(path[(archive.Length + 1)..].Replace('\\', '/'));
            }
        }

        throw Missing(path);
    }

    /// <summary>Opens a file that can be read at any place, as Parquet files are.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DataFormatException">The path is a folder.</exception>
    public static FileStream Existing(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        CheckNoFolder(path);
        return File.Exists(path) ? RegularFile.Open(path) : throw Missing(path);
    }

    /// <summary>Extension that tells the format, without a .gz after it: ".csv", ".tsv", ".dat".</summary>
    public string Extension => Path.GetExtension(HasExtension(Name, ".gz") ? Name[..^3] : Name);

    private static void CheckNoFolder(string path)
    {
        if (Directory.Exists(path))
        {
            throw new DataFormatException(path, "found a folder, expected a file. Name one of the files in it.");
        }
    }

    private static FileNotFoundException Missing(string path) =>
        new($"{path}: there is no such file. Check the path; relative paths start at {Environment.CurrentDirectory}.", path);

    internal static bool HasExtension(string path, string extension) => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase);

    private static CheckedStream OpenGzip(string path)
    {
        var file = OpenFile(path);
        Span<byte> start = stackalloc byte[2];
        if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start is not [0x1F, 0x8B])
        {
            file.Dispose();
            throw new DataFormatException(
                path, "found a file that is not gzip, expected one by its name. If it is plain text, take the .gz off its name; else fetch the file again.");
        }

        file.Position = 0;
        return new CheckedStream(path, new WholeGzipStream(file), file.Length);
    }

    // Readers bring their own large buffer: a second one in the stream would only copy. They read a file more than once, which a pipe does not allow.
    internal static FileStream OpenFile(string path) => RegularFile.Open(path, FileOptions.SequentialScan);
}
