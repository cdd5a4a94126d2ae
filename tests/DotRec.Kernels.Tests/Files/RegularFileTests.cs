using System.Net.Sockets;

namespace DotRec.Kernels.Tests;

public sealed class RegularFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_read_from_its_start()
    {
        File.WriteAllBytes(_folder["file"], [1, 2, 3]);
        Assert.Equal([1, 2, 3], RegularFile.ReadAllBytes(_folder["file"], most: 3));
        using var stream = RegularFile.Open(_folder["file"]);
        Assert.Equal(3, stream.Length);
        Assert.Equal(1, stream.ReadByte());
        File.WriteAllBytes(_folder["empty"], []);
        Assert.Empty(RegularFile.ReadAllBytes(_folder["empty"], most: 0));
    }

    [Fact]
    public void A_longer_file_than_allowed_is_not_read()
    {
        using (var sparse = File.Create(_folder["sparse"]))
        {
            sparse.SetLength(1L << 40);
        }

        Assert.Equal($"{_folder["sparse"]} has 1099511627776 bytes; at most 100 are read.", Assert.Throws<NoRegularFileException>(() => RegularFile.ReadAllBytes(_folder["sparse"], most: 100)).Message);
    }

    [Fact]
    public async Task Pipes_are_refused_at_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Named pipes lie in folders on Unix only.");
        var pipe = NamedPipe.Create(_folder["pipe"]);
        File.CreateSymbolicLink(_folder["link"], pipe);
        foreach (var path in new[] { pipe, _folder["link"] })
        {
            var opening = Task.Run(() => RegularFile.Open(path).Dispose(), TestContext.Current.CancellationToken);
            Assert.Same(opening, await Task.WhenAny(opening, Task.Delay(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)));
            Assert.Equal($"{path} is a pipe, a device or a socket; a file was expected.", (await Assert.ThrowsAsync<NoRegularFileException>(() => opening)).Message);
        }
    }

    [Fact]
    public void Devices_sockets_and_folders_are_refused()
    {
        Assert.Equal($"{_folder.Path} is a folder; a file was expected.", Assert.Throws<NoRegularFileException>(() => RegularFile.Open(_folder.Path)).Message);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells devices from files.");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder["socket"]));
        foreach (var path in new[] { "/dev/zero", "/dev/null", _folder["socket"] })
        {
            Assert.Equal($"{path} is a pipe, a device or a socket; a file was expected.", Assert.Throws<NoRegularFileException>(() => RegularFile.Open(path)).Message);
        }
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains(_folder["none"], Assert.Throws<FileNotFoundException>(() => RegularFile.Open(_folder["none"])).Message, StringComparison.Ordinal);
}
