namespace DotRec.Cli.Tests;

/// <summary>No command writes over what it reads, whichever way the two are written.</summary>
public sealed class PathTests(SmallModel model) : IClassFixture<SmallModel>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _links = new();

    public void Dispose()
    {
        _links.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("train --data {d} --query u --item i -o {new} --export-ranks {d}", "--export-ranks", "is what --data reads, which would be overwritten")]
    [InlineData("train --data {d} --query u --item i -o {new} --json {d}", "--json", "is what --data reads")]
    [InlineData("train --data {d} --query u --item i -o {new} --checkpoint {d}", "--checkpoint", "is what --data reads")]
    [InlineData("train --data {d} --test {t} --query u --item i -o {new} --json {t}", "--json", "is what --test reads")]
    [InlineData("train --data {d} --items {t} --query u --item i -o {new} --json {t}", "--json", "is what --items reads")]
    [InlineData("train --data {d} --query u --item i -o {new} --json {folder}/x/../d.csv", "--json", "is what --data reads")]
    [InlineData("train --data {link} --query u --item i -o {new} --json {d}", "--json", "is what --data reads")]
    [InlineData("train --data {d} --query u --item i -o {new} --json {link}", "--json", "is what --data reads")]
    [InlineData("train --data {linked}/d.csv --query u --item i -o {new} --json {d}", "--json", "is what --data reads")]
    [InlineData("train --data {split}/train.parquet --query u --item i -o {new} --export-split {split}", "--export-split", "holds what --data reads, which would be overwritten")]
    [InlineData("train --data {split} --query u --item i -o {new} --export-split {split}", "--export-split", "is what --data reads")]
    [InlineData("train --data {split} --query u --item i -o {new} --json {split}/new.json", "--json", "is in the folder that --data reads")]
    [InlineData("train --data {bundle}/d.csv --query u --item i -o {bundle}", "--output", "holds what --data reads, which would be lost")]
    [InlineData("train --data {d} --query u --item i -o {new} --json {new}.x --export-ranks {new}.x", "", "a .parquet or .csv file was expected")]
    [InlineData("train --data {d} --query u --item i -o {new} --checkpoint {new}.csv --export-ranks {new}.csv", "", "both name")]
    [InlineData("train --task ranking --data {d} --label i -o {new} --json {d}", "--json", "is what --data reads")]
    [InlineData("predict --bundle {bundle} --data {d} -o {d}", "--output", "is what --data reads")]
    [InlineData("predict --bundle {bundle} --data {d} -o {new}.csv --json {d}", "--json", "is what --data reads")]
    [InlineData("recommend --bundle {bundle} --all {d} -o {d}", "--output", "is what --all reads")]
    [InlineData("recommend --bundle {bundle} --query u=1 --json {bundle}/bundle.json", "--json", "is in the folder that --bundle reads")]
    [InlineData("evaluate --bundle {bundle} --data {d} --json {d}", "--json", "is what --data reads")]
    [InlineData("evaluate --bundle {bundle} --data {d} --export-ranks {d}", "--export-ranks", "is what --data reads")]
    [InlineData("explain --bundle {bundle} --data {d} --json {d}", "--json", "is what --data reads")]
    [InlineData("export --bundle {bundle} --onnx {bundle}", "--onnx", "is what --bundle reads")]
    [InlineData("inspect {d} --json {d}", "--json", "is what the command reads")]
    [InlineData("quickstart --data {d} --json {d}", "--json", "is what --data reads")]
    public async Task An_output_that_is_an_input_is_refused_before_any_work(string arguments, string option, string sentence)
    {
        var data = _folder.Write("d.csv", "u,i", Enumerable.Range(0, 60).Select(n => $"{n % 7},{n % 11}"));
        Directory.CreateDirectory(_folder["x"]);
        Directory.CreateDirectory(_folder["split"]);
        Directory.CreateDirectory(_folder["bundle"]);
        File.Copy(model.Ratings, Path.Combine(_folder["split"], "train.parquet"));
        foreach (var file in Directory.GetFiles(model.Bundle))
        {
            File.Copy(file, Path.Combine(_folder["bundle"], Path.GetFileName(file)));
        }

        File.Copy(data, Path.Combine(_folder["bundle"], "d.csv"));
        File.Copy(data, _folder["t.csv"]);
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(_links["link.csv"], data);
            Directory.CreateSymbolicLink(_links["linked"], _folder.Path);
        }
        else
        {
            Assert.SkipWhen(arguments.Contains("{link", StringComparison.Ordinal), "Windows makes no links for everybody.");
        }

        var before = Contents();
        foreach (var (name, path) in new[] { ("{d}", data), ("{t}", _folder["t.csv"]), ("{link}", _links["link.csv"]), ("{linked}", _links["linked"]), ("{split}", _folder["split"]), ("{bundle}", _folder["bundle"]), ("{folder}", _folder.Path), ("{new}", _folder["new"]) })
        {
            arguments = arguments.Replace(name, path, StringComparison.Ordinal);
        }

        var (code, error) = await Tool.RunAsync(arguments);
        Assert.Equal(1, code);
        Assert.StartsWith($"dotrec: {option}", error, StringComparison.Ordinal);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Equal(before, Contents());

        string Contents() => string.Join('\n', Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{file} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))}"));
    }

    [Fact]
    public async Task Outputs_beside_inputs_and_new_files_in_a_bundle_are_written()
    {
        var data = _folder.Write("d.csv", "u,i", Enumerable.Range(0, 300).Select(n => $"{n % 20},{n % 11}"));
        Assert.Equal((0, ""), await Tool.RunAsync($"train --data {data} --query u --item i --epochs 1 -o {_folder["b"]} --json {_folder["d.csv.json"]} --export-split {_folder.Path}"));
        for (var time = 0; time < 2; time++)
        {
            Assert.Equal((0, ""), await Tool.RunAsync($"evaluate --bundle {_folder["b"]} --data {data} --json {Path.Combine(_folder["b"], "metrics.json")}"));
        }

        Assert.True(File.Exists(_folder["train.parquet"]) && File.Exists(Path.Combine(_folder["b"], "metrics.json")));
    }

    [Theory]
    [InlineData("-o", "--output is empty; a path was expected.")]
    [InlineData("--checkpoint", "--checkpoint is empty; a path was expected.")]
    [InlineData("--items", "--items is empty; a path was expected.")]
    public async Task An_empty_path_is_told_by_its_option(string option, string sentence)
    {
        var error = new StringWriter();
        Assert.Equal(1, await CommandLine.RunAsync(["train", "--data", model.Csv, "--query", "u", "--item", "i", option, ""], TextWriter.Null, error));
        Assert.Equal($"dotrec: {sentence}", error.ToString().Trim());
    }

    [Fact]
    public async Task A_checkpoint_that_cannot_be_written_is_found_before_the_training()
    {
        var (code, error) = await Tool.RunAsync($"train --data {model.Csv} --query u --item i -o {_folder["b"]} --checkpoint {Path.Combine(model.Csv, "state")}");
        Assert.Equal((1, $"dotrec: --checkpoint {Path.Combine(model.Csv, "state")} cannot be written: {model.Csv} is a file."), (code, error.Trim()));
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a folder that nobody may write to.");
        (code, error) = await Tool.RunAsync($"train --data {model.Csv} --query u --item i -o {_folder["b"]} --checkpoint /proc/nowhere/state");
        Assert.Equal(1, code);
        Assert.Contains("files cannot be made in /proc", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["b"]));
    }
}
