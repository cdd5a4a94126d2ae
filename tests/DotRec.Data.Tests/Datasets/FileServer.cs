using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DotRec.Data.Tests;

/// <summary>A web server on this machine that answers every request with the same bytes, whatever they are, and then closes the connection or waits.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _answer;
    private readonly bool _staysOpen;
    private readonly Task _serving;

    public FileServer(string header, ReadOnlySpan<byte> body, bool staysOpen = false)
    {
        _answer = [.. Encoding.ASCII.GetBytes(header.Replace("\n", "\r\n") + "\r\n\r\n"), .. body];
        _staysOpen = staysOpen;
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/set.zip");

    public int Requests { get; private set; }

    public void Dispose()
    {
        _stop.Cancel();
        _serving.GetAwaiter().GetResult(); // Before the listener stops: the loop may just be about to accept again.
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Requests++;
                var stream = client.GetStream();
                var request = new StringBuilder();
                var buffer = new byte[1024];
                while (!request.ToString().Contains("\r\n\r\n"))
                {
                    request.Append(Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, _stop.Token)));
                }

                await stream.WriteAsync(_answer, _stop.Token);
                if (_staysOpen)
                {
                    await Task.Delay(Timeout.Infinite, _stop.Token);
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // The test is over, or the client has left.
        }
    }
}
