namespace DotRec.Testing;

/// <summary>Finds the public data sets that tests may use. They are not part of the repository: tests skip, with the reason, where they are absent.</summary>
public static class TestData
{
    /// <summary>Environment variable naming the folder; without it, the folder shared/data beside the repository.</summary>
    public const string Variable = "DOTREC_DATA";

    /// <summary>Path of a data file, or null when it is absent.</summary>
    public static string? Find(string fileName)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder)
        {
            return Existing(Path.Combine(folder, fileName));
        }

        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "DotRec.slnx")))
            {
                return Existing(Path.Combine(directory.FullName, "..", "shared", "data", fileName));
            }
        }

        return null;
    }

    /// <summary>The reason a test gives when it skips for want of a file.</summary>
    public static string Absent(string fileName) =>
        $"{fileName} is not on this machine: put the public data set into a folder and name the folder in {Variable}.";

    private static string? Existing(string path) => File.Exists(path) ? Path.GetFullPath(path) : null;
}
