using System.Xml.Linq;

namespace DotRec.Conformance.Tests;

/// <summary>Which project may reference which: the picture in CONTRIBUTING.md, held against the compiled assemblies and the project files.</summary>
public class ProjectEdgesTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["DotRec.Kernels"] = [],
        ["DotRec.Onnx"] = [],
        ["DotRec.Indexing"] = ["DotRec.Kernels"],
        ["DotRec.Data"] = ["DotRec.Kernels"],
        ["DotRec.Features"] = ["DotRec.Data", "DotRec.Onnx", "DotRec.Kernels"],
        ["DotRec.Autodiff"] = ["DotRec.Onnx", "DotRec.Kernels"],
        ["DotRec.Modeling"] = ["DotRec.Autodiff", "DotRec.Features", "DotRec.Data", "DotRec.Indexing", "DotRec.Onnx", "DotRec.Kernels"],
        ["DotRec.Serving"] = ["DotRec.Data", "DotRec.Indexing", "DotRec.Onnx", "DotRec.Kernels"],
        ["DotRec.Pipelines"] = ["DotRec.Modeling", "DotRec.Serving", "DotRec.Features", "DotRec.Data", "DotRec.Indexing", "DotRec.Onnx", "DotRec.Kernels"],
        ["DotRec.Cli"] =
            ["DotRec.Pipelines", "DotRec.Modeling", "DotRec.Serving", "DotRec.Data", "DotRec.Indexing", "DotRec.Kernels"],
    };

    public static TheoryData<string> Projects => [.. ProjectFiles().Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void An_assembly_uses_only_what_the_design_allows(string project)
    {
        Assert.True(Allowed.TryGetValue(project, out var allowed), $"{project} is a new project: give it its line here and in CONTRIBUTING.md.");
        Assert.Subset(allowed.ToHashSet(StringComparer.Ordinal), Used(project));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_exactly_what_its_assembly_uses(string project) =>
        Assert.Equal(Used(project).Order(StringComparer.Ordinal), Referenced(project).Order(StringComparer.Ordinal));

    [Fact]
    public void Contributing_shows_these_edges()
    {
        var text = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "CONTRIBUTING.md"));
        Assert.All(Projects.Select(row => row.Data), project => Assert.Contains(
            string.Join(' ', (string[])[$"{project,-16} →", .. Used(project).Order(StringComparer.Ordinal).Select(used => used["DotRec.".Length..])]) + "  ",
            text,
            StringComparison.Ordinal));
    }

    [Fact]
    public void The_core_needs_no_package_but_two_of_the_runtimes_own()
    {
        string[] projects = ["DotRec.Kernels", "DotRec.Onnx", "DotRec.Indexing", "DotRec.Autodiff", "DotRec.Modeling"];
        var packages = ProjectFiles()
            .Where(path => projects.Contains(Path.GetFileNameWithoutExtension(path)))
            .SelectMany(path => Included(path, "PackageReference"));

        Assert.Equal(["System.IO.Hashing", "System.Numerics.Tensors"], packages.Order(StringComparer.Ordinal));
    }

    private static HashSet<string> Used(string project) =>
        BuiltAssembly.References(project).Where(name => name.StartsWith("DotRec.", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);

    private static IEnumerable<string> Referenced(string project) =>
        from path in Included(ProjectFiles().Single(file => Path.GetFileNameWithoutExtension(file) == project), "ProjectReference")
        select Path.GetFileNameWithoutExtension(path.Replace('\\', '/'));

    private static IEnumerable<string> ProjectFiles() =>
        Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src"), "*.csproj", SearchOption.AllDirectories);

    private static IEnumerable<string> Included(string project, string element) =>
        XDocument.Load(project).Descendants(element).Select(reference => reference.Attribute("Include")!.Value);
}
