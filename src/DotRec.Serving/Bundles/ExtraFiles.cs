namespace DotRec.Serving;

/// <summary>Files a bundle carries for its users: name and bytes. They are verified like the rest and read by nobody here.</summary>
internal static class ExtraFiles
{
    /// <exception cref="ArgumentException">A name is not one of a file that can lie in the bundle beside the others.</exception>
    public static void Check(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in files.Keys)
        {
            if (!BundleFileName.IsPlain(name))
            {
                throw new ArgumentException($"'{name}' cannot be the name of an extra file. Give a plain file name without directories, such as \"crosses.json\".", nameof(files));
            }

            if (name.Equals(BundleManifest.FileName, StringComparison.OrdinalIgnoreCase) || BundleFiles.Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            {
                throw new ArgumentException($"An extra file cannot be named '{name}': the bundle has files of such names.", nameof(files));
            }

            if (!names.Add(name))
            {
                throw new ArgumentException($"Two extra files are named '{name}', but for case. Some file systems cannot hold both.", nameof(files));
            }
        }
    }

    /// <summary>Names in order; null when there are none.</summary>
    public static string[]? Names(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files) =>
        files.Count == 0 ? null : [.. files.Keys.Order(StringComparer.Ordinal)];

    /// <summary>What writes them.</summary>
    public static IEnumerable<(string Name, Action<string> Write)> Parts(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files) =>
        files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => (file.Key, new Action<string>(path => File.WriteAllBytes(path, file.Value.Span))));

    public static Dictionary<string, ReadOnlyMemory<byte>> Read(BundleReader bundle) => (bundle.Manifest.ExtraFiles ?? []).ToDictionary(
        name => name, name => (ReadOnlyMemory<byte>)bundle.ReadAllBytes(name), StringComparer.Ordinal);
}
