namespace DotRec.Serving;

/// <summary>A bundle on the disk whose description and files have been checked.</summary>
internal sealed class BundleReader
{
    // A save may exchange the directory under a reader, who then starts again. Only saves without any pause could outlast this.
    private const int Attempts = 50;

    private const long AutomaticHashBytes = 1 << 20;

    private readonly string _directory;

    private BundleReader(string directory, BundleManifest manifest)
    {
        _directory = directory;
        Manifest = manifest;
    }

    public BundleManifest Manifest { get; }

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
            T? opened = default;
            try
            {
                json = File.ReadAllBytes(path);
                var bundle = new BundleReader(folder, BundleJson.Read(json, path));
                bundle.Verify(verification);
                opened = open(bundle);
                if (!WasReplaced(path, json))
                {
                    return opened;
                }
            }
            catch (Exception exception) when (exception is IOException or FormatException && WasReplaced(path, json))
            {
                continue;
            }

            (opened as IDisposable)?.Dispose();
        }

        throw new BundleException($"{directory} was replaced {Attempts} times while it was being read. Load it when the saving has ended.");
    }

    /// <summary>The description alone.</summary>
    /// <inheritdoc cref="Read"/>
    public static BundleManifest Describe(string directory)
    {
        var path = Path.Combine(Locate(directory), BundleManifest.FileName);
        return BundleJson.Read(File.ReadAllBytes(path), path);
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

    private static bool WasReplaced(string path, byte[]? json)
    {
        try
        {
            return json is null || !File.ReadAllBytes(path).AsSpan().SequenceEqual(json);
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
            if (!string.Equals(Path.GetFileName(file.Name), file.Name, StringComparison.Ordinal))
            {
                throw new BundleException($"{PathOf(BundleManifest.FileName)} lists the file '{file.Name}'; files of a bundle lie in its own directory.");
            }

            Verify(file, verification);
        }
    }

    private void Verify(BundleFile expected, BundleVerification verification)
    {
        var path = PathOf(expected.Name);
        if (!File.Exists(path))
        {
            throw new BundleException($"{path} is missing. The bundle is incomplete: save it again or copy the whole directory.");
        }

        var length = new FileInfo(path).Length;
        if (length != expected.Length)
        {
            throw new BundleException(
                $"{path} has {length} bytes; {expected.Length} were expected. The file is {(length < expected.Length ? "truncated" : "altered")}: save the bundle again or restore it from a copy.");
        }

        var isHashed = verification == BundleVerification.Hashes
            || (verification == BundleVerification.Automatic && (length <= AutomaticHashBytes || !BundleFiles.IsMapped(expected.Name)));
        if (isHashed && VerifiedFiles.HashOf(path) is var hash && !string.Equals(hash, expected.Sha256, StringComparison.Ordinal))
        {
            throw new BundleException(
                $"{path} is altered: its SHA-256 is {hash[..12]}…, {expected.Sha256[..Math.Min(12, expected.Sha256.Length)]}… was expected. Save the bundle again or restore it from a copy.");
        }
    }
}
