using System.IO.MemoryMappedFiles;

namespace DotRec.Kernels.Tests;

public sealed class OutputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_name_appears_with_the_whole_file()
    {
        File.WriteAllText(_folder["file"], "old");
        using (var file = OutputFile.Create(_folder["file"]))
        {
            file.Stream.Write("new"u8);
            file.Stream.Flush();
            Assert.Equal("old", File.ReadAllText(_folder["file"]));
            file.Commit();
            Assert.Equal("new", File.ReadAllText(_folder["file"]));
        }

        Assert.Equal(["file"], _folder.Entries);
    }

    [Fact]
    public void A_failure_leaves_what_was_there_and_nothing_else()
    {
        File.WriteAllText(_folder["file"], "old");
        Assert.Throws<InvalidOperationException>(() => OutputFile.Write(_folder["file"], stream =>
        {
            stream.Write("half"u8);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(_folder["file"]));
        Assert.Equal(["file"], _folder.Entries);
    }

    [Fact]
    public void A_link_stays_and_what_it_leads_to_is_replaced()
    {
        Directory.CreateDirectory(_folder["data"]);
        File.WriteAllText(_folder["data/1"], "old");
        Directory.CreateSymbolicLink(_folder["current"], "data");
        File.CreateSymbolicLink(_folder["file"], "current/1");
        OutputFile.Write(_folder["file"], "new"u8);
        Assert.Equal("current/1", new FileInfo(_folder["file"]).LinkTarget);
        Assert.Equal("new", File.ReadAllText(_folder["data/1"]));
        File.CreateSymbolicLink(_folder["dangling"], "data/2");
        OutputFile.Write(_folder["dangling"], "made"u8);
        Assert.Equal("made", File.ReadAllText(_folder["data/2"]));
        Assert.Equal(["current", "dangling", "data", "file"], _folder.Entries);
    }

    [Fact]
    public void Permissions_stay()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows keeps permissions otherwise.");
            return;
        }

        File.WriteAllText(_folder["file"], "old");
        File.SetUnixFileMode(_folder["file"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        OutputFile.Write(_folder["file"], "new"u8);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["file"]));
    }

    [Fact]
    public void A_mapped_file_that_is_replaced_keeps_its_bytes()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows refuses to replace a mapped file.");
        File.WriteAllBytes(_folder["file"], Enumerable.Repeat((byte)1, 1 << 16).ToArray());
        using var mapped = MemoryMappedFile.CreateFromFile(_folder["file"], FileMode.Open);
        using var view = mapped.CreateViewAccessor();
        OutputFile.Write(_folder["file"], [2]);
        Assert.Equal(1, view.ReadByte(0));
        Assert.Equal(1, view.ReadByte((1 << 16) - 1));
        Assert.Equal([2], File.ReadAllBytes(_folder["file"]));
    }

    [Fact]
    public void Folders_pipes_and_devices_are_not_replaced()
    {
        Assert.Equal($"{_folder.Path} is a folder; name a file to write.", Assert.Throws<IOException>(() => OutputFile.Create(_folder.Path)).Message);
        var missing = Assert.Throws<DirectoryNotFoundException>(() => OutputFile.Create(_folder["none/file"]));
        Assert.StartsWith($"{_folder["none/file"]} cannot be written: there is no folder ", missing.Message, StringComparison.Ordinal);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells devices from files.");
        var pipe = NamedPipe.Create(_folder["pipe"]);
        foreach (var path in new[] { pipe, "/dev/null" })
        {
            Assert.Equal($"{path} is a pipe or a device; name a file to write.", Assert.Throws<IOException>(() => OutputFile.Create(path)).Message);
        }

        Assert.Equal(["pipe"], _folder.Entries);
    }

    [Fact]
    public void Only_what_is_surely_abandoned_is_removed()
    {
        string Name() => $".dotrec-{Guid.NewGuid():n}.saving";
        var (abandoned, fresh, used, linked, other) = (Name(), Name(), Name(), Name(), ".dotrec-notes.saving");
        foreach (var name in new[] { abandoned, fresh, used, other, "linked to" })
        {
            File.WriteAllText(_folder[name], "half");
        }

        File.CreateSymbolicLink(_folder[linked], "linked to");
        foreach (var name in new[] { abandoned, used, other, "linked to" })
        {
            File.SetLastWriteTimeUtc(_folder[name], TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-2));
        }

        using (new FileStream(_folder[used], FileMode.Open, FileAccess.ReadWrite, FileShare.Delete))
        {
            OutputFile.Write(_folder["file"], [1]);
        }

        Assert.Equal(new[] { fresh, used, linked, other, "linked to", "file" }.Order(StringComparer.Ordinal), _folder.Entries);
        OutputFile.Write(_folder["file"], [1]);
        Assert.DoesNotContain(used, _folder.Entries);
    }
}
