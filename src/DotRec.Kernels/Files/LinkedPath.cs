namespace DotRec.Kernels;

/// <summary>Paths without their symbolic links.</summary>
internal static class LinkedPath
{
    private const int MostLinks = 40;

    /// <summary>The full path with every link in it followed, as far as it exists.</summary>
    /// <exception cref="IOException">The links go in a circle.</exception>
    public static string Resolve(string path)
    {
        var full = Path.GetFullPath(path);
        var root = Path.GetPathRoot(full)!;
        var resolved = root;
        var left = new Stack<string>(Parts(full[root.Length..]));
        for (var links = 0; left.TryPop(out var part);)
        {
            var next = part == ".." ? Path.GetDirectoryName(resolved) ?? root : Path.Combine(resolved, part);
            if (part == ".." || new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new IOException($"{path} cannot be followed: it leads through more than {MostLinks} links, or in a circle.");
            }

            // An absolute target begins anew; parts of a relative one come before what is left.
            if (Path.IsPathRooted(target))
            {
                resolved = root = Path.GetPathRoot(target)!;
                target = target[root.Length..];
            }

            foreach (var further in Parts(target))
            {
                left.Push(further);
            }
        }

        return resolved;
    }

    // Last first, as a stack takes them.
    private static IEnumerable<string> Parts(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").Reverse();
}
