using System.IO.Compression;
using System.Xml.Linq;

namespace DotRec.Conformance.Tests;

/// <summary>What the packages say of one another, read from packages, and what becomes of a program that mixes versions.</summary>
public sealed class PackagesTests : IDisposable
{
    // Where the packages lie that the tests were built with.
    private static readonly string PackageRoot = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private readonly string _folder = Directory.CreateTempSubdirectory("dotrec-packages-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("DotRec.Modeling")]
    [InlineData("DotRec.Serving")]
    public async Task A_package_goes_with_exactly_its_own_version_of_the_others(string project)
    {
        await PackAsync(project, "9.8.7");
        await using var package = await ZipFile.OpenReadAsync(Path.Combine(_folder, $"{project}.9.8.7.nupkg"), TestContext.Current.CancellationToken);
        using var text = await package.GetEntry($"{project}.nuspec")!.OpenAsync(TestContext.Current.CancellationToken);
        var ours =
            from dependency in XDocument.Load(text).Descendants()
            where dependency.Name.LocalName == "dependency"
            let id = dependency.Attribute("id")!.Value
            where id.StartsWith("DotRec.", StringComparison.Ordinal)
            select (id, dependency.Attribute("version")!.Value);

        var used = BuiltAssembly.References(project).Where(name => name.StartsWith("DotRec.", StringComparison.Ordinal));
        Assert.Equal(used.Order(StringComparer.Ordinal).Select(id => (id, "[9.8.7]")), ours.OrderBy(pin => pin.id, StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_program_that_mixes_versions_is_not_built()
    {
        await PackAsync("DotRec.Kernels", "9.8.7");
        await PackAsync("DotRec.Kernels", "9.8.8");
        await PackAsync("DotRec.Indexing", "9.8.7");

        var (mixed, error) = await BuildAsync(indexing: "9.8.7", kernels: "9.8.8");
        Assert.True(mixed == 1, error);
        Assert.Contains("different versions: DotRec.Indexing 9.8.7, DotRec.Kernels 9.8.8.", error, StringComparison.Ordinal);

        var (same, output) = await BuildAsync(indexing: "9.8.7", kernels: "9.8.7");
        Assert.True(same == 0, output);
    }

    private async Task PackAsync(string project, string version)
    {
        var (code, output) = await DotnetTool.RunAsync(
            RepositoryRoot.Path,
            "pack", Path.Combine("src", project), "--no-build", "-c", DotnetTool.Configuration, "-o", _folder,
            $"-p:MinVerVersionOverride={version}", "-p:IncludeSymbols=false");
        Assert.True(code == 0, output);
    }

    /// <summary>Builds a program out of packages of this folder alone; what else they need comes from those that the tests were built with.</summary>
    private Task<(int Code, string Output)> BuildAsync(string indexing, string kernels)
    {
        var app = Directory.CreateDirectory(Path.Combine(_folder, $"app-{indexing}-{kernels}")).FullName;
        File.WriteAllText(Path.Combine(app, "Directory.Build.props"), "<Project />");
        File.WriteAllText(
            Path.Combine(app, "Library.cs"), "public static class Library { public static int Threads => DotRec.Kernels.Parallelism.MaxDegreeOfParallelism; }");
        var project = Path.Combine(app, "Library.csproj");
        File.WriteAllText(project, $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <RestoreSources>{_folder}</RestoreSources>
                <RestorePackagesPath>{_folder}/packages</RestorePackagesPath>
                <RestoreFallbackFolders>{PackageRoot}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="DotRec.Indexing" Version="{indexing}" />
                <PackageReference Include="DotRec.Kernels" Version="{kernels}" />
              </ItemGroup>
            </Project>
            """);
        return DotnetTool.RunAsync(RepositoryRoot.Path, "build", project, "-nodeReuse:false");
    }
}
