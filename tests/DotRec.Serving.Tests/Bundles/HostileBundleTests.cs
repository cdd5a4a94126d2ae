using System.Security.Cryptography;
using DotRec.Onnx;

namespace DotRec.Serving.Tests;

/// <summary>Bundles that somebody made to do harm: every hash in them is right.</summary>
public sealed class HostileBundleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCorpus _corpus = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("query.onnx")]
    [InlineData("item.onnx")]
    [InlineData("ranker.onnx")]
    public void Models_that_reach_outside_themselves_are_refused_with_the_name_of_the_file(string name)
    {
        Save();
        var path = Path.Combine(_folder["1"], name);
        var secret = _folder.Write("secret", new byte[4]);
        var table = new WireWriter().Integers(1, [1]).Integer(2, 1).Text(8, "table")
            .Message(13, new WireWriter().Text(1, "location").Text(2, Path.GetRelativePath(Environment.CurrentDirectory, secret))).Integer(14, 1);
        Replace(path, [.. File.ReadAllBytes(path), .. new WireWriter().Message(7, new WireWriter().Message(5, table)).ToArray()]);
        Refused($"{path} is refused: The tensor 'table' keeps its values in another file");
    }

    [Fact]
    public void A_model_that_would_be_refused_is_not_saved_either()
    {
        byte[] bytes = [.. _corpus.QueryModel.Bytes.Span, .. new WireWriter().Message(25, new WireWriter().Text(1, "f")).ToArray()];
        using var index = DotRec.Indexing.BruteForceIndex.Build(_corpus.Embeddings, DotRec.Indexing.ItemIds.From(_corpus.Ids));
        var refused = Assert.Throws<ArgumentException>(() => new Recommender(_corpus.QueryModel with { Bytes = bytes }, index));
        Assert.Equal("The query model is refused: It defines functions of its own, which are not looked into. Export it with its functions inlined.", refused.Message);
    }

    [Theory]
    [InlineData("bundle.json")]
    [InlineData("query.onnx")]
    [InlineData("items.index")]
    [InlineData("items.0.column")]
    [InlineData("notes.txt")]
    public async Task Pipes_folders_and_devices_are_refused_at_once(string name)
    {
        Save();
        var path = Path.Combine(_folder["1"], name);
        File.Delete(path);
        if (!OperatingSystem.IsWindows())
        {
            NamedPipe.Create(path);
            await RefusedSoon(path);
            File.Delete(path);
        }

        if (OperatingSystem.IsLinux())
        {
            File.CreateSymbolicLink(path, "/dev/zero");
            await RefusedSoon(path);
            File.Delete(path);
        }

        Directory.CreateDirectory(path);
        await RefusedSoon(name == "bundle.json" ? _folder["1"] : path);
    }

    [Fact]
    public void Links_out_of_the_folder_are_refused_and_links_inside_are_followed()
    {
        Save();
        var path = Path.Combine(_folder["1"], "items.index");
        File.Move(path, _folder["elsewhere"]);
        File.CreateSymbolicLink(path, "../elsewhere");
        Refused($"{path} is a link out of the bundle's directory; a bundle reaches nothing outside it. Copy the file instead.");

        // As Kubernetes mounts a volume: each file a link through a link to a folder beside it.
        File.Delete(path);
        Directory.CreateDirectory(Path.Combine(_folder["1"], "..2026"));
        File.Move(_folder["elsewhere"], Path.Combine(_folder["1"], "..2026", "items.index"));
        Directory.CreateSymbolicLink(Path.Combine(_folder["1"], "..data"), "..2026");
        File.CreateSymbolicLink(path, "..data/items.index");
        Recommender.Load(_folder["1"]).Dispose();

        // The bundle itself may be reached by a link.
        Directory.CreateSymbolicLink(_folder["current"], "1");
        Recommender.Load(_folder["current"]).Dispose();
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("/etc/passwd")]
    [InlineData("folder/file")]
    [InlineData("folder\\file")]
    [InlineData("C:secret")]
    [InlineData("file:stream")]
    [InlineData("file\0.txt")]
    [InlineData("file\n")]
    [InlineData("file.")]
    [InlineData("file ")]
    [InlineData("NUL")]
    [InlineData("con.txt")]
    [InlineData("com1 .txt")]
    public void Names_that_mean_another_file_somewhere_are_refused(string name)
    {
        Save();
        var path = Path.Combine(_folder["1"], "bundle.json");
        var manifest = (RecommenderManifest)BundleJson.Read(File.ReadAllBytes(path), path);
        File.WriteAllBytes(path, BundleJson.Write(manifest with { Files = [.. manifest.Files, new BundleFile(name, 0, new string('0', 64))] }));
        Refused($"{path} lists the file '{name}'; files of a bundle have plain names and lie in its own directory.");
        Assert.Throws<ArgumentException>(() => ExtraFiles.Check(new Dictionary<string, ReadOnlyMemory<byte>> { [name] = default }));
    }

    [Theory]
    [InlineData("query.onnx", "at most 2147483591 are read into memory")]
    [InlineData("notes.txt", "at most 2147483591 are read into memory")]
    [InlineData("items.index", "this is no index file")]
    [InlineData("bundle.json", "at most 16777216 are read")]
    public async Task A_sparse_file_of_a_terabyte_is_refused_without_reading_it(string name, string message)
    {
        Save();
        var path = Path.Combine(_folder["1"], name);
        using (var sparse = new FileStream(path, FileMode.Create))
        {
            sparse.SetLength(1L << 40);
        }

        if (name != "bundle.json")
        {
            Change(files => [.. files.Select(file => file.Name == name ? file with { Length = 1L << 40 } : file)]);
        }

        Assert.Contains(message, await RefusedSoon(path), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundle_that_cannot_be_opened_leaves_nothing_open_or_mapped()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells what a process has open.");
        Save();
        var whole = Directory.EnumerateFiles(_folder["1"]).ToDictionary(path => path, File.ReadAllBytes, StringComparer.Ordinal);
        foreach (var (path, bytes) in whole)
        {
            var cut = bytes[..(bytes.Length / 2)];
            var junk = (byte[])bytes.Clone();
            junk.AsSpan(junk.Length / 2).Fill(0xAA);
            foreach (var damaged in new[] { cut, junk, [] })
            {
                // What a closed recommender has lent out goes with the last that holds it.
                GC.Collect();
                GC.WaitForPendingFinalizers();
                File.WriteAllBytes(path, damaged);
                Assert.ThrowsAny<FormatException>(() => Recommender.Load(_folder["1"]).Dispose());
                Assert.Empty(OpenDescriptors.Below(_folder.Path));
                if (!path.EndsWith(".json", StringComparison.Ordinal))
                {
                    // With its hash made right it may even be a bundle; then it is closed as usual.
                    Replace(path, damaged);
                    var opened = Record.Exception(() => Recommender.Load(_folder["1"]).Dispose());
                    Assert.True(opened is null or BundleException or DotRec.Indexing.ArtifactFormatException, opened?.ToString());
                    Assert.True(opened is null || OpenDescriptors.Below(_folder.Path) is [], path);
                }

                foreach (var (other, content) in whole)
                {
                    File.WriteAllBytes(other, content);
                }
            }
        }
    }

    private void Save()
    {
        using var made = _corpus.Recommender(_corpus.RankedOptions() with
        {
            ItemModel = TestModels.ItemTower(_corpus.UserTable, _corpus.Dimension),
            Interactions = _corpus.Interactions(("2", 1), ("9", 4)),
            ExtraFiles = new Dictionary<string, ReadOnlyMemory<byte>> { ["notes.txt"] = new byte[3] },
        });
        made.Save(_folder["1"]);
    }

    private void Replace(string path, byte[] bytes)
    {
        File.WriteAllBytes(path, bytes);
        Change(files => [.. files.Select(file => file.Name == Path.GetFileName(path) ? new BundleFile(file.Name, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))) : file)]);
    }

    private void Change(Func<IReadOnlyList<BundleFile>, IReadOnlyList<BundleFile>> change)
    {
        var path = Path.Combine(_folder["1"], "bundle.json");
        var manifest = (RecommenderManifest)BundleJson.Read(File.ReadAllBytes(path), path);
        File.WriteAllBytes(path, BundleJson.Write(manifest with { Files = change(manifest.Files) }));
    }

    private void Refused(string message)
    {
        foreach (var verification in Enum.GetValues<BundleVerification>())
        {
            Assert.StartsWith(message, Assert.Throws<BundleException>(() => Recommender.Load(_folder["1"], verification)).Message, StringComparison.Ordinal);
        }
    }

    private async Task<string> RefusedSoon(string path)
    {
        var loading = Task.Run(() => Recommender.Load(_folder["1"], BundleVerification.Hashes).Dispose(), TestContext.Current.CancellationToken);
        Assert.Same(loading, await Task.WhenAny(loading, Task.Delay(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)));
        var message = (await Assert.ThrowsAsync<BundleException>(() => loading)).Message;
        Assert.StartsWith(path, message, StringComparison.Ordinal);
        return message;
    }
}
