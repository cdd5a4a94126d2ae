using System.Security.Cryptography;
using DotRec.Kernels;

namespace DotRec.Data;

/// <summary>A folder of data sets fetched before. What lies in it under its name is whole: files are renamed into place after their checksum.</summary>
public sealed class DatasetCache
{
    /// <summary>Environment variable that names the folder.</summary>
    public const string Variable = "DOTREC_CACHE";

    private readonly HttpClient _client;

    /// <param name="folder">The folder; made when the first set is fetched.</param>
    /// <param name="client">What to fetch with; not disposed.</param>
    public DatasetCache(string folder, HttpClient client)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Folder = folder;
        _client = client;
    }

    /// <summary>The folder that <see cref="Variable"/> names, else <c>dotrec/datasets</c> in the user's folder for local application data.</summary>
    public static string DefaultFolder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder
        ? folder
        : Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "dotrec", "datasets");

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>How long the server may send nothing before the download is given up.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Path that a set has, or would have, in the folder.</summary>
    public string PathOf(Dataset dataset) => Path.Combine(Folder, dataset.Name + ".zip");

    /// <summary>True when the set has been fetched. Looks at name and length only.</summary>
    public bool Contains(Dataset dataset) => new FileInfo(PathOf(dataset)) is { Exists: true } file && file.Length == dataset.Length;

    /// <summary>The path of a set's zip file, fetched first if it is not in the folder or its checksum is wrong.</summary>
    /// <param name="dataset">The set.</param>
    /// <param name="progress">Told the bytes received so far; not called when nothing needs fetching.</param>
    /// <param name="cancellationToken">Stops the download and leaves nothing behind.</param>
    /// <exception cref="DatasetDownloadException">
    /// The server does not give the file, it is cut off, or its length or checksum is wrong. Nothing is kept then.
    /// </exception>
    public async Task<string> GetAsync(Dataset dataset, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        var path = PathOf(dataset);
        if (Contains(dataset) && await ChecksumOfAsync(path, cancellationToken).ConfigureAwait(false) == dataset.Sha256)
        {
            return path;
        }

        Directory.CreateDirectory(Folder);
        using var file = OutputFile.Create(path);
        await DownloadAsync(dataset, file.Stream, progress, cancellationToken).ConfigureAwait(false);
        file.Commit();
        return path;
    }

    private async Task DownloadAsync(Dataset dataset, FileStream target, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var received = 0L;
        try
        {
            stall.CancelAfter(StallTimeout);
            using var response = await _client.GetAsync(dataset.Source, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw new DatasetDownloadException(dataset, $"the server answered {(int)response.StatusCode} {response.ReasonPhrase}, expected the file");
            }

            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var source = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
            var buffer = new byte[1 << 16];
            while (true)
            {
                stall.CancelAfter(StallTimeout);
                var count = await source.ReadAsync(buffer, stall.Token).ConfigureAwait(false);
                received += count;
                if (count == 0 || received > dataset.Length)
                {
                    break;
                }

                hash.AppendData(buffer, 0, count);
                await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                progress?.Report(received);
            }

            if (received != dataset.Length)
            {
                throw new DatasetDownloadException(
                    dataset, $"found {(received > dataset.Length ? "more than " : null)}{Math.Min(received, dataset.Length)} bytes, expected {dataset.Length}");
            }

            var checksum = Convert.ToHexStringLower(hash.GetHashAndReset());
            if (checksum != dataset.Sha256)
            {
                throw new DatasetDownloadException(
                    dataset, $"found the SHA-256 {checksum}, expected {dataset.Sha256}: the file on the server has changed, or was altered on its way");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DatasetDownloadException(
                dataset, $"the server sent nothing for {StallTimeout.TotalSeconds:0.###} seconds after {received} bytes of {dataset.Length}");
        }
        catch (HttpRequestException failed)
        {
            throw new DatasetDownloadException(dataset, $"the server could not be asked ({failed.Message})", failed);
        }
        catch (HttpIOException failed)
        {
            throw new DatasetDownloadException(dataset, $"the connection ended after {received} bytes of {dataset.Length} ({failed.Message})", failed);
        }
    }

    private static async Task<string> ChecksumOfAsync(string path, CancellationToken cancellationToken)
    {
        var file = RegularFile.Open(path, FileOptions.SequentialScan);
        await using (file.ConfigureAwait(false))
        {
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false));
        }
    }
}
