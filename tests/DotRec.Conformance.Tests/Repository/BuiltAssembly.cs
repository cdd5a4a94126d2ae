using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace DotRec.Conformance.Tests;

/// <summary>The assemblies of the projects in src, as they were built beside these tests.</summary>
internal static class BuiltAssembly
{
    /// <summary>Names of the assemblies whose types or members a project's assembly uses.</summary>
    public static string[] References(string project)
    {
        // Beside artifacts/bin/DotRec.Conformance.Tests/release.
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var path = Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, project + ".dll");
        Assert.True(File.Exists(path), $"{path} does not exist: build the solution, or let the project of these tests reference {project}.");
        using var reader = new PEReader(File.OpenRead(path));
        var metadata = reader.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
