using System.Security.Cryptography;

namespace DotRec.Data.Tests;

public sealed class DatasetCacheTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 200_000).Select(number => (byte)(number * 31 >> 3))];

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new();

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_set_is_fetched_once_and_found_again()
    {
        using var server = new FileServer($"HTTP/1.1 200 OK\nContent-Length: {Content.Length}", Content);
        var (cache, set, progress) = (Cache(), Set(server), new Recorder());
        Assert.False(cache.Contains(set));

        var path = await cache.GetAsync(set, progress, TestContext.Current.CancellationToken);

        Assert.Equal(Content, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        Assert.Equal(Content.Length, progress.Values[^1]);
        Assert.Equal(progress.Values.Order(), progress.Values);
        Assert.True(cache.Contains(set));
        Assert.Equal(path, await cache.GetAsync(set, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(1, server.Requests);
        Assert.Equal([path], Directory.GetFiles(cache.Folder));
    }

    [Fact]
    public async Task A_damaged_file_in_the_folder_is_fetched_again()
    {
        using var server = new FileServer($"HTTP/1.1 200 OK\nContent-Length: {Content.Length}", Content);
        var path = _folder.Write("cache/set.zip", new byte[Content.Length]);

        await Cache().GetAsync(Set(server), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(Content, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Another_checksum_is_refused()
    {
        var other = (byte[])Content.Clone();
        other[777]++;
        using var server = new FileServer($"HTTP/1.1 200 OK\nContent-Length: {Content.Length}", other);
        await Fails(server, $"found the SHA-256 {Convert.ToHexStringLower(SHA256.HashData(other))}, expected {Convert.ToHexStringLower(SHA256.HashData(Content))}: " +
            "the file on the server has changed, or was altered on its way. Nothing was kept. Try again, or fetch set by hand (http://example.org/) and give its path.");
    }

    [Fact]
    public async Task A_download_cut_off_is_refused()
    {
        using var server = new FileServer($"HTTP/1.1 200 OK\nContent-Length: {Content.Length}", Content.AsSpan(0, 100_000));
        await Fails(server, "the connection ended after 100000 bytes of 200000 (");
    }

    [Fact]
    public async Task A_download_of_another_length_is_refused()
    {
        using var shorter = new FileServer("HTTP/1.1 200 OK\nContent-Length: 5", Content.AsSpan(0, 5));
        await Fails(shorter, "found 5 bytes, expected 200000.");
        using var longer = new FileServer("HTTP/1.1 200 OK\nConnection: close", [.. Content, 1]);
        await Fails(longer, "found more than 200000 bytes, expected 200000.");
    }

    [Fact]
    public async Task An_answer_that_is_not_the_file_is_told()
    {
        using var server = new FileServer("HTTP/1.1 404 Not Found\nContent-Length: 0", []);
        await Fails(server, "the server answered 404 Not Found, expected the file.");
    }

    [Fact]
    public async Task A_server_that_is_not_there_or_speaks_something_else_is_told()
    {
        Uri address;
        using (var server = new FileServer("SSH-2.0-OpenSSH", []))
        {
            address = server.Address;
            await Fails(server, "the server could not be asked (");
        }

        await Fails(address, "the server could not be asked (");
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_given_up()
    {
        using var server = new FileServer($"HTTP/1.1 200 OK\nContent-Length: {Content.Length}", Content.AsSpan(0, 1000), staysOpen: true);
        await Fails(server.Address, "the server sent nothing for 0.25 seconds after ", TimeSpan.FromSeconds(0.25));
    }

    [Fact]
    public async Task Cancelling_stops_the_download_and_leaves_nothing()
    {
        using var server = new FileServer($"HTTP/1.1 200 OK\nContent-Length: {Content.Length}", Content.AsSpan(0, 1000), staysOpen: true);
        using var cancel = new CancellationTokenSource();
        var cache = new DatasetCache(Path.Combine(_folder.Path, "cache"), _client);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cache.GetAsync(Set(server), new Recorder(cancel.Cancel), cancel.Token));

        Assert.Empty(Directory.GetFiles(cache.Folder));
    }

    [Fact]
    public void The_catalog_finds_sets_by_name_and_lists_them_otherwise()
    {
        Assert.Equal(943, DatasetCatalog.Find("ML-100k").UserCount);
        Assert.StartsWith(
            "There is no data set 'ml'. The data sets are: ml-latest-small, ml-100k, ml-1m, ml-20m, ml-25m.",
            Assert.Throws<ArgumentException>(() => DatasetCatalog.Find("ml")).Message);
        Assert.All(DatasetCatalog.All, set => Assert.Matches("^[0-9a-f]{64}$", set.Sha256));
        Assert.Equal(DatasetCatalog.All.OrderBy(set => set.Length), DatasetCatalog.All);
    }

    private DatasetCache Cache(TimeSpan? stallTimeout = null) => new(Path.Combine(_folder.Path, "cache"), _client) { StallTimeout = stallTimeout ?? TimeSpan.FromSeconds(60) };

    private static Dataset Set(Uri address) =>
        new("set", "A set", 1, 1, 1, address, Content.Length, Convert.ToHexStringLower(SHA256.HashData(Content)), "None.", new Uri("http://example.org/"));

    private static Dataset Set(FileServer server) => Set(server.Address);

    private Task Fails(FileServer server, string problem) => Fails(server.Address, problem);

    private async Task Fails(Uri address, string problem, TimeSpan? stallTimeout = null)
    {
        var cache = Cache(stallTimeout);
        var error = await Assert.ThrowsAsync<DatasetDownloadException>(() => cache.GetAsync(Set(address), cancellationToken: TestContext.Current.CancellationToken));
        Assert.StartsWith($"{address}: {problem}", error.Message);
        Assert.Empty(Directory.GetFiles(cache.Folder));
    }

    // Progress<T> would report later, on another thread.
    private sealed class Recorder(Action? onReport = null) : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value)
        {
            Values.Add(value);
            onReport?.Invoke();
        }
    }
}
