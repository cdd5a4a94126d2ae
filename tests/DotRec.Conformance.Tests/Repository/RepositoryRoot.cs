namespace DotRec.Conformance.Tests;

/// <summary>The folder that holds the solution, found upwards from the test binaries.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(directory.FullName, "DotRec.slnx")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException($"No DotRec.slnx above {AppContext.BaseDirectory}: run the tests from a checkout.");
    }
}
