using DotRec.Kernels;

namespace DotRec.Serving;

/// <summary>
/// The names around a bundle directory <c>models/films/3</c>: beside it, hidden, <c>.3.saving</c> while a save runs, <c>.3.previous</c> for
/// the moment between two renames where the system cannot exchange directories, and the empty <c>.3.lock</c>, held by the saving process.
/// A symbolic link to a bundle stays; what it leads to is read and replaced.
/// </summary>
internal sealed class BundlePaths
{
    /// <summary>What the names of saving directories end in.</summary>
    public const string SavingSuffix = ".saving";

    public BundlePaths(string directory)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        Target = Path.TrimEndingDirectorySeparator(LinkedPath.Resolve(directory));
        Parent = Path.GetDirectoryName(Target) ?? throw new ArgumentException($"'{directory}' is the root of a file system; name a folder inside it.", nameof(directory));
        var name = Path.GetFileName(Target);
        Saving = Path.Combine(Parent, $".{name}{SavingSuffix}");
        Previous = Path.Combine(Parent, $".{name}.previous");
        Lock = Path.Combine(Parent, $".{name}.lock");
    }

    public string Target { get; }

    public string Parent { get; }

    public string Saving { get; }

    public string Previous { get; }

    public string Lock { get; }
}
