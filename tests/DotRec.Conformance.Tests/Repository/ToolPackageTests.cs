using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace DotRec.Conformance.Tests;

/// <summary>The tool stays small, and what is packed of it can be installed and runs.</summary>
public sealed class ToolPackageTests : IDisposable
{
    private static readonly string ProgramEnding = OperatingSystem.IsWindows() ? ".exe" : "";

    private readonly string _folder = Directory.CreateTempSubdirectory("dotrec-tool-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_tool_brings_no_native_library_but_the_onnx_runtime()
    {
        var folder = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)))!, "DotRec.Cli", DotnetTool.Configuration);
        var dependencies = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "DotRec.Cli.deps.json")))!["targets"]!.AsObject().Single().Value!.AsObject();
        var native =
            from library in dependencies
            where library.Value!["runtimeTargets"] is { } files && files.AsObject().Any(file => (string)file.Value!["assetType"]! == "native")
            select library.Key.Split('/')[0];
        Assert.Equal(["Microsoft.ML.OnnxRuntime"], native);
        Assert.DoesNotContain(dependencies, library => library.Key.StartsWith("ScottPlot", StringComparison.Ordinal) || library.Key.StartsWith("SkiaSharp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_package_of_this_platform_is_installed_from_a_folder_and_runs()
    {
        // Built already, as what the tests run on: building it again would write under running tests.
        var (packed, output) = await DotnetTool.RunAsync(
            RepositoryRoot.Path, "pack", Path.Combine("src", "DotRec.Cli"), "-c", DotnetTool.Configuration, "-o", _folder,
            $"-p:PackRuntimes={RuntimeInformation.RuntimeIdentifier}", "-p:BuildProjectReferences=false", "-p:MinVerVersionOverride=9.8.7");
        Assert.True(packed == 0, output);
        Assert.Equal(
            [$"dotrec.9.8.7.nupkg", $"dotrec.{RuntimeInformation.RuntimeIdentifier}.9.8.7.nupkg"],
            Directory.EnumerateFiles(_folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        await using (var package = await ZipFile.OpenReadAsync(Path.Combine(_folder, $"dotrec.{RuntimeInformation.RuntimeIdentifier}.9.8.7.nupkg"), TestContext.Current.CancellationToken))
        {
            var programs = package.Entries.Where(entry => entry.Name.StartsWith("libonnxruntime.", StringComparison.Ordinal) || entry.Name == "onnxruntime.dll");
            Assert.Single(programs);
        }

        var source = Path.Combine(_folder, "nuget.config");
        await File.WriteAllTextAsync(
            source, $"""<configuration><packageSources><clear /><add key="folder" value="{_folder}" /></packageSources></configuration>""", TestContext.Current.CancellationToken);
        var (installed, said) = await DotnetTool.RunAsync(
            _folder, [("NUGET_PACKAGES", Path.Combine(_folder, "packages"))], "tool", "install", "dotrec", "--version", "9.8.7", "--tool-path", Path.Combine(_folder, "tools"), "--configfile", source);
        Assert.True(installed == 0, said);
        var program = Path.Combine(_folder, "tools", "dotrec" + ProgramEnding);
        var (code, answer) = await DotnetTool.RunProgramAsync(program, _folder, [], "inspect", "nothing.csv");
        Assert.Equal(1, code);
        Assert.Contains("nothing.csv: there is no such file", answer, StringComparison.Ordinal);

        // Its native library is there, too: a bundle's towers run.
        (code, answer) = await DotnetTool.RunProgramAsync(program, _folder, [], "datasets", "generate", "--output", "data", "--users", "60", "--movies", "40", "--ratings", "900");
        Assert.True(code == 0, answer);
        (code, answer) = await DotnetTool.RunProgramAsync(program, _folder, [], "train", "--data", Path.Combine("data", "ratings.parquet"), "--query", "user_id", "--item", "movie_id", "--output", "model");
        Assert.True(code == 0, answer);
        (code, answer) = await DotnetTool.RunProgramAsync(program, _folder, [], "recommend", "--bundle", "model", "--query", "user_id=7", "-k", "3");
        Assert.True(code == 0, answer);
    }
}
