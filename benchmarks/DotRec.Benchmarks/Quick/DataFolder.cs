namespace DotRec.Benchmarks;

/// <summary>Where public data sets lie: the folder named by <c>--data</c>, else by DOTREC_DATA, else shared/data beside the repository.</summary>
internal static class DataFolder
{
    private const string Variable = "DOTREC_DATA";

    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static string Find(string? named)
    {
        var folder = named ?? (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } variable ? variable : BesideRepository());
        return folder is not null && Directory.Exists(folder) ? Path.GetFullPath(folder) : throw new DirectoryNotFoundException(
            $"The data sets were looked for in '{folder ?? "shared/data"}', and there is no such folder; put them into a folder and name it by --data or {Variable}.");
    }

    /// <summary>The folder of the solution, found upwards from this program; null when it was taken elsewhere.</summary>
    public static string? Repository()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "DotRec.slnx")))
            {
                return directory.FullName;
            }
        }

        return null;
    }

    private static string? BesideRepository() => Repository() is { } root ? Path.Combine(root, "..", "shared", "data") : null;
}
