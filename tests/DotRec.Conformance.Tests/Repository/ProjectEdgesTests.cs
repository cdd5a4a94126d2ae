using System.Xml.Linq;

namespace DotRec.Conformance.Tests;

/// <summary>Which project may reference which: the picture in CONTRIBUTING.md, checked against the project files.</summary>
public class ProjectEdgesTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["DotRec.Kernels"] = [],
        ["DotRec.Onnx"] = [],
        ["DotRec.Indexing"] = ["DotRec.Kernels"],
        ["DotRec.Data"] = ["DotRec.Kernels"],
        ["DotRec.Features"] = ["DotRec.Data", "DotRec.Kernels", "DotRec.Onnx"],
        ["DotRec.Autodiff"] = ["DotRec.Kernels", "DotRec.Onnx"],
        ["DotRec.Modeling"] = ["DotRec.Autodiff", "DotRec.Features", "DotRec.Indexing"],
        ["DotRec.Serving"] = ["DotRec.Data", "DotRec.Indexing", "DotRec.Onnx"],
        ["DotRec.Cli"] = ["DotRec.Modeling", "DotRec.Serving"],
    };

    [Fact]
    public void Every_project_references_exactly_what_the_design_allows()
    {
        var found = SourceProjects().ToDictionary(path => Path.GetFileNameWithoutExtension(path)!, References, StringComparer.Ordinal);

        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.All(found, project => Assert.Equal(Allowed[project.Key].Order(StringComparer.Ordinal), project.Value.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Kernels_and_Onnx_need_no_package_beyond_the_tensor_primitives()
    {
        var packages = SourceProjects()
            .Where(path => Path.GetFileNameWithoutExtension(path) is "DotRec.Kernels" or "DotRec.Onnx" or "DotRec.Indexing" or "DotRec.Autodiff" or "DotRec.Modeling")
            .SelectMany(path => Included(path, "PackageReference"));

        Assert.Equal(["System.Numerics.Tensors"], packages);
    }

    private static IEnumerable<string> SourceProjects() =>
        Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src"), "*.csproj", SearchOption.AllDirectories);

    private static string[] References(string project) =>
        [.. Included(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))];

    private static IEnumerable<string> Included(string project, string element) =>
        XDocument.Load(project).Descendants(element).Select(reference => reference.Attribute("Include")!.Value);
}
