using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Serving;

/// <summary>A bundle on the disk whose description and files have been checked.</summary>
internal sealed class BundleReader
{
    // A save may exchange the directory under a reader, who then starts again. Only saves without any pause could outlast this.
    private const int Attempts = 50;

    private const long AutomaticHashBytes = 1 << 20;

    // A description takes some kilobytes, with facts of the model some hundred.
    private const long MostDescriptionBytes = 16 << 20;

    private readonly string _directory;

    private BundleReader(string directory, BundleManifest manifest)
    {
        _directory = directory;
        Manifest = manifest;
    }

    public BundleManifest Manifest { get; }

    /// <summary>What was opened so far: ended when the bundle as a whole cannot be opened.</summary>
    public List<IDisposable> Opened { get; } = [];

    /// <summary>The description, of a bundle of the kind wanted.</summary>
    /// <exception cref="BundleException">The bundle is of another kind.</exception>
    public T Expect<T>(string kind)
        where T : BundleManifest => Manifest as T
        ?? throw new BundleException($"{_directory} is the bundle of a {Manifest.Kind}, not of a {kind}. Open it with {Manifest.Loader}.");

    public string PathOf(string name) => Path.Combine(_directory, name);

    /// <summary>Checks a bundle and hands it to <paramref name="open"/>; starts again when a save replaces the bundle meanwhile.</summary>
    /// <exception cref="BundleException">There is no bundle, or it is damaged or of a newer format.</exception>
    public static T Read<T>(string directory, BundleVerification verification, Func<BundleReader, T> open)
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            var folder = Locate(directory);
            var path = Path.Combine(folder, BundleManifest.FileName);
            byte[]? json = null;
            BundleReader? bundle = null;
            var isWhole = false;
            try
            {
                json = ReadDescription(path);
                bundle = new BundleReader(folder, BundleJson.Read(json, path));
                bundle.Verify(verification);
                var opened = open(bundle);
                isWhole = !WasReplaced(path, json);
                if (isWhole)
                {
                    return opened;
                }

                (opened as IDisposable)?.Dispose();
            }
            catch (Exception exception) when (json is null ? exception is IOException : exception is IOException or FormatException && WasReplaced(path, json))
            {
                // Once more, from the start.
            }
            finally
            {
                bundle?.Close(isWhole);
            }
        }

        throw new BundleException($"{directory} was replaced {Attempts} times while it was being read. Load it when the saving has ended.");
    }

    /// <summary>The description alone.</summary>
    /// <inheritdoc cref="Read"/>
    public static BundleManifest Describe(string directory)
    {
        var path = Path.Combine(Locate(directory), BundleManifest.FileName);
        return BundleJson.Read(ReadDescription(path), path);
    }

    /// <summary>The bytes of a file of the bundle.</summary>
    public byte[] ReadAllBytes(string name) => RegularFile.ReadAllBytes(PathOf(name), Array.MaxLength);

    private void Close(bool isWhole)
    {
        if (!isWhole)
        {
            Opened.ForEach(opened => opened.Dispose());
        }

        Opened.Clear();
    }

    private static byte[] ReadDescription(string path)
    {
        try
        {
            return RegularFile.ReadAllBytes(path, MostDescriptionBytes);
        }
        catch (NoRegularFileException exception)
        {
            throw new BundleException($"{exception.Message} It is not the description of a bundle.", exception);
        }
    }

    private static string Locate(string directory)
    {
        var paths = new BundlePaths(directory);
        foreach (var folder in new[] { paths.Target, paths.Previous })
        {
            if (File.Exists(Path.Combine(folder, BundleManifest.FileName)))
            {
                return folder;
            }
        }

        throw new BundleException(Directory.Exists(paths.Target)
            ? $"{paths.Target} has no {BundleManifest.FileName}: it is not a bundle, or not a whole one. Name the version folder of a bundle, such as models/films/1."
            : $"There is no bundle at {paths.Target}. Check the path.");
    }

    private static bool WasReplaced(string path, byte[] json)
    {
        try
        {
            return !RegularFile.ReadAllBytes(path, MostDescriptionBytes).AsSpan().SequenceEqual(json);
        }
        catch (IOException)
        {
            return true;
        }
    }

    private void Verify(BundleVerification verification)
    {
        foreach (var name in Manifest.NamedFiles.Concat(Manifest.ExtraFiles ?? []))
        {
            if (!Manifest.Files.Any(file => string.Equals(file.Name, name, StringComparison.Ordinal)))
            {
                throw new BundleException($"{PathOf(BundleManifest.FileName)} names the file '{name}' but does not list it among the bundle's files.");
            }
        }

        foreach (var file in Manifest.Files)
        {
            if (!BundleFileName.IsPlain(file.Name))
            {
                throw new BundleException($"{PathOf(BundleManifest.FileName)} lists the file '{file.Name}'; files of a bundle have plain names and lie in its own directory.");
            }

            Verify(file, verification);
        }
    }

    // Nothing is opened before it is known to be a file of the folder, and of the length that is promised: opening a pipe may wait without end.
    private void Verify(BundleFile expected, BundleVerification verification)
    {
        var path = PathOf(expected.Name);
        var target = Followed(path);
        var length = new FileInfo(target).Length;
        if (length != expected.Length)
        {
            throw new BundleException(
                $"{path} has {length} bytes; {expected.Length} were expected. The file is {(length < expected.Length ? "truncated" : "altered")}: save the bundle again or restore it from a copy.");
        }

        var isMapped = BundleFiles.IsMapped(expected.Name);
        if (!isMapped && length > Array.MaxLength)
        {
            throw new BundleException($"{path} has {length} bytes; at most {Array.MaxLength} are read into memory.");
        }

        if (isMapped && length > AutomaticHashBytes)
        {
            RefuseOtherFormats(path);
        }

        var isHashed = verification == BundleVerification.Hashes || (verification == BundleVerification.Automatic && (length <= AutomaticHashBytes || !isMapped));
        if (isHashed && VerifiedFiles.HashOf(target) is var hash && !string.Equals(hash, expected.Sha256, StringComparison.Ordinal))
        {
            throw new BundleException(
                $"{path} is altered: its SHA-256 is {hash[..12]}…, {expected.Sha256[..Math.Min(12, expected.Sha256.Length)]}… was expected. Save the bundle again or restore it from a copy.");
        }
    }

    // Its head tells in a moment what hashing a file of any length would tell at its end.
    private static void RefuseOtherFormats(string path)
    {
        try
        {
            ArtifactFile.Open(path, ArtifactVerification.Structure).Memory.Dispose();
        }
        catch (ArtifactFormatException exception)
        {
            throw new BundleException(exception.Message, exception);
        }
    }

    // Where the file lies: links inside the folder are how some systems swap the files of a volume.
    private string Followed(string path)
    {
        if (Directory.Exists(path) || PosixFiles.IsRegular(path) == false)
        {
            throw new BundleException($"{path} is a folder, a pipe, a device or a socket; a bundle is made of files.");
        }

        if (!File.Exists(path))
        {
            throw new BundleException($"{path} is missing. The bundle is incomplete: save it again or copy the whole directory.");
        }

        if (new FileInfo(path).LinkTarget is null)
        {
            return path;
        }

        var target = LinkedPath.Resolve(path);
        return target.StartsWith(Path.TrimEndingDirectorySeparator(LinkedPath.Resolve(_directory)) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? target
            : throw new BundleException($"{path} is a link out of the bundle's directory; a bundle reaches nothing outside it. Copy the file instead.");
    }
}
