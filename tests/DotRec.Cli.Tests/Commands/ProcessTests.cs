using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json.Nodes;
using DotRec.Serving;

namespace DotRec.Cli.Tests;

public class ProcessTests(SmallModel model) : IClassFixture<SmallModel>
{
    [Fact]
    public async Task Quickstart_goes_the_whole_path_and_a_second_process_reads_its_bundle()
    {
        using var folder = new TemporaryFolder();
        await using (var zip = await ZipFile.OpenAsync(folder["ml.zip"], ZipArchiveMode.Create, TestContext.Current.CancellationToken))
        {
            Write(zip, "ratings.csv", "userId,movieId,rating,timestamp", Enumerable.Range(0, 900).Select(n => $"{(n % 30) + 1},{((n * 7) % 41) + 1},4.0,{n}"));
            Write(zip, "movies.csv", "movieId,title,genres", Enumerable.Range(1, 41).Select(n => $"{n},\"Film [{n}], The (1990)\",Drama|Crime"));
        }

        using var process = Tool.Start($"quickstart --data {folder["ml.zip"]} --seeds 2 --preset tuned --output {folder["bundle"]} --json {folder["result.json"]}");
        var (output, error, code) = await EndAsync(process);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("read back by a second process", output, StringComparison.Ordinal);
        Assert.Contains("], The (1990)", output, StringComparison.Ordinal);
        var result = JsonNode.Parse(await File.ReadAllTextAsync(folder["result.json"], TestContext.Current.CancellationToken))!;
        Assert.Equal(
            ["command", "data", "settings", "seeds", "test", "testExcludingSeen", "baselines", "timing", "totalSeconds", "bundle", "recommendations"],
            result.AsObject().Select(field => field.Key));
        Assert.Equal([42, 43], result["seeds"]!.AsArray().Select(seed => (int)seed!));
        Assert.Equal(360, (int)result["test"]!["count"]!);
        Assert.NotNull(result["baselines"]!["ease"]!["test"]!["hitRate"]!["10"]!["mean"]);
        Assert.True(result["recommendations"]!["recommendations"]!.AsArray().Count > 0);
    }

    [Fact]
    public async Task An_interrupted_training_ends_with_130_and_saves_its_last_finished_epoch()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGINT to send.");
        using var folder = new TemporaryFolder();
        using var process = Tool.Start($"{model.Train(folder["bundle"]).Replace("--epochs 2 ", "--epochs 1000000 ", StringComparison.Ordinal)} --json {folder["result.json"]}");
        await ReadUntilAsync(process, "training: epoch");
        await InterruptAsync(process);
        var (output, error, code) = await EndAsync(process);
        var finished = (int)BundleDescription.Read(folder["bundle"]).Facts!["epochs"]!;
        Assert.Equal((130, $"dotrec: stopped in epoch {finished + 1}; {folder["bundle"]} holds the model of epoch {finished}."), (code, error.Trim()));
        Assert.Contains("stopping: the last epoch or model that was finished is kept, measured and saved. Ctrl+C again ends at once.", output, StringComparison.Ordinal);
        Assert.Contains("two towers", output, StringComparison.Ordinal);
        Assert.DoesNotContain(output, character => char.IsControl(character) && character is not '\n' and not '\r');
        using (var recommender = Recommender.Load(folder["bundle"]))
        {
            Assert.NotEmpty(recommender.Recommend(new { user_id = "7" }));
        }

        var result = JsonNode.Parse(await File.ReadAllTextAsync(folder["result.json"], TestContext.Current.CancellationToken))!;
        Assert.Equal((true, finished), ((bool)result["training"]!["wasStopped"]!, (int)result["training"]!["epochs"]!));
        Assert.Equal(
            ["bundle", "result.json"],
            Directory.GetFileSystemEntries(Path.GetDirectoryName(folder["bundle"])!).Select(Path.GetFileName).Where(name => name is not ".bundle.lock").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_second_interruption_ends_at_once_and_leaves_nothing_half_written()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGINT to send.");
        using var folder = new TemporaryFolder();

        // A single epoch that would take minutes: there is nothing to keep, and steps are so long that the first signal is not heeded at once.
        await File.WriteAllLinesAsync(
            folder["d.csv"], ["u,i", .. Enumerable.Range(0, 60_000).Select(n => $"{n % 20_011},{n * 7 % 30_011}")], TestContext.Current.CancellationToken);
        using var process = Tool.Start($"train --data {folder["d.csv"]} --query u --item i --model two-tower --epochs 1 --batch-size 60000 --dimension 512 --output {folder["bundle"]}");
        await ReadUntilAsync(process, "item tower: ");
        await InterruptAsync(process);
        await ReadUntilAsync(process, "stopping: no epoch is finished yet, so there is nothing to save.");
        await InterruptAsync(process);
        var clock = Stopwatch.StartNew();
        var (_, error, code) = await EndAsync(process);
        Assert.Equal((130, "dotrec: cancelled."), (code, error.Trim()));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
        Assert.Equal(["d.csv"], Directory.GetFileSystemEntries(Path.GetDirectoryName(folder["bundle"])!).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("HUP")]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task An_interruption_before_the_first_epoch_says_that_nothing_was_saved(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no signals to send.");
        using var folder = new TemporaryFolder();
        await File.WriteAllLinesAsync(
            folder["d.csv"], ["u,i", .. Enumerable.Range(0, 60_000).Select(n => $"{n % 20_011},{n * 7 % 30_011}")], TestContext.Current.CancellationToken);
        using var process = Tool.Start($"train --data {folder["d.csv"]} --query u --item i --model two-tower --epochs 1 --batch-size 2000 --dimension 128 --output {folder["bundle"]}");
        await ReadUntilAsync(process, "item tower: ");
        await InterruptAsync(process, signal);
        var (output, error, code) = await EndAsync(process);
        Assert.Equal((130, "dotrec: cancelled before an epoch was finished: nothing was saved."), (code, error.Trim()));
        Assert.Contains("stopping: no epoch is finished yet, so there is nothing to save. Ctrl+C again ends at once.", output, StringComparison.Ordinal);
        Assert.Equal(["d.csv"], folder.Entries);
    }

    [Fact]
    public async Task A_note_stays_one_line_in_a_log_and_values_do_not_command_the_terminal()
    {
        using var folder = new TemporaryFolder();
        var words = string.Join("\u001b]0;title\u0007", Enumerable.Repeat("long", 8));
        await File.WriteAllLinesAsync(
            folder["d.csv"], ["\u001b[31mname,price", .. Enumerable.Range(0, 200).Select(n => $"\u001b[31mred{n},{(n == 7 ? words : $"{n}.5")}")], TestContext.Current.CancellationToken);
        using var process = Tool.Start($"inspect {folder["d.csv"]} --json {folder["r.json"]}");
        var (output, error, code) = await EndAsync(process);
        Assert.Equal((0, ""), (code, error));
        Assert.DoesNotContain(output, character => char.IsControl(character) && character is not '\n' and not '\r');
        Assert.Contains("\\x1b[31mred0, ", output, StringComparison.Ordinal);
        var note = Assert.Single(output.Split('\n'), line => line.StartsWith("note: d.csv: column 'price' is read as text", StringComparison.Ordinal)).TrimEnd();
        Assert.True(note.Length > 160, note);
        Assert.EndsWith("--numbers price refuses what is no number.", note, StringComparison.Ordinal);
        var result = JsonNode.Parse(await File.ReadAllTextAsync(folder["r.json"], TestContext.Current.CancellationToken))!;
        Assert.Equal("\u001b[31mname", (string)result["columns"]![0]!["name"]!);
    }

    [Fact]
    public async Task An_empty_answer_says_why_and_an_id_that_is_not_there_is_noted()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllLinesAsync(folder["d.csv"], ["u,i", .. Enumerable.Range(0, 200).Select(n => $"u{n % 20},i{n / 20 % 5}")], TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), await Tool.RunAsync($"train --data {folder["d.csv"]} --query u --item i --split none --epochs 1 --seen exclude --output {folder["b"]}"));
        Assert.Contains(
            "warning: no item is left to recommend of the 5 that the bundle holds: what the query had in training is left out (--include-seen keeps it).",
            await OutputAsync("--query u=u1"), StringComparison.Ordinal);
        Assert.Contains(
            "warning: no item is left to recommend of the 5 that the bundle holds: --exclude leaves out 5.",
            await OutputAsync("--query u=u1 --include-seen --exclude i0 i1 i2 i3 i4"), StringComparison.Ordinal);
        var some = await OutputAsync("--query u=u1 --include-seen --exclude nope i1");
        Assert.Contains("note: --exclude names what the bundle does not hold: nope.", some, StringComparison.Ordinal);
        Assert.DoesNotContain("warning:", some, StringComparison.Ordinal);

        async Task<string> OutputAsync(string query)
        {
            using var process = Tool.Start($"recommend --bundle {folder["b"]} {query}");
            var (output, error, code) = await EndAsync(process);
            Assert.Equal((0, ""), (code, error));
            return output;
        }
    }

    [Theory]
    [InlineData("DOTREC_FORCE_ISA", "foo", "DOTREC_FORCE_ISA is 'foo'; expected Portable, Avx2, Avx512, or nothing.")]
    [InlineData("DOTREC_FORCE_ISA", "Avx2", "DOTREC_FORCE_ISA is 'Avx2', but this process cannot run Avx2 kernels. Unset it, or use a narrower set.")]
    [InlineData("DOTREC_THREADS", "x", "DOTREC_THREADS is 'x'; expected a whole number of at least 1, or nothing for one thread a processor.")]
    public async Task A_wrong_environment_variable_gives_its_sentence(string variable, string value, string sentence)
    {
        using var folder = new TemporaryFolder();

        // Without intrinsics no processor has AVX2.
        using var process = Tool.Start(model.Train(folder["bundle"]), (variable, value), ("DOTNET_EnableHWIntrinsic", "0"));
        var (_, error, code) = await EndAsync(process);
        Assert.Equal((2, $"dotrec: {sentence}"), (code, error.Trim()));
        Assert.Empty(Directory.GetFileSystemEntries(Path.GetDirectoryName(folder["bundle"])!));
    }

    private static async Task ReadUntilAsync(Process process, string start)
    {
        var line = "";
        while (!line.StartsWith(start, StringComparison.Ordinal))
        {
            line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException($"The tool ended before it said '{start}'.");
        }
    }

    private static async Task InterruptAsync(Process process, string signal = "INT")
    {
        using var kill = Process.Start("kill", $"-{signal} {process.Id}");
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<(string Output, string Error, int Code)> EndAsync(Process process)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = await process.StandardError.ReadToEndAsync(patience.Token);
            await process.WaitForExitAsync(patience.Token);
            return (await output, error, process.ExitCode);
        }
        finally
        {
            process.Kill();
        }
    }

    private static void Write(ZipArchive zip, string name, string header, IEnumerable<string> lines)
    {
        using var writer = new StreamWriter(zip.CreateEntry("ml-small/" + name).Open());
        writer.WriteLine(header);
        foreach (var line in lines)
        {
            writer.WriteLine(line);
        }
    }
}
