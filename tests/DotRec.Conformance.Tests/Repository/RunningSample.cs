using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace DotRec.Conformance.Tests;

/// <summary>A sample that serves until it is disposed, as a process of its own.</summary>
internal sealed partial class RunningSample : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningSample(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it has said so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts a sample; returns it and its address once it listens.</summary>
    public static async Task<(RunningSample Sample, Uri Address)> StartAsync(string sample, string models, TimeSpan patience)
    {
        var running = new RunningSample(new Process
        {
            StartInfo = DotnetTool.Start(
                RepositoryRoot.Path, ["run", .. DotnetTool.Sample(sample), "--urls", "http://127.0.0.1:0", "--models", models, "--Logging:LogLevel:Microsoft.AspNetCore=Warning"]),
            EnableRaisingEvents = true,
        });
        running._process.Exited += (_, _) => running._address.TrySetException(new InvalidOperationException($"{sample} ended before it listened."));
        try
        {
            return (running, await running._address.Task.WaitAsync(patience, TestContext.Current.CancellationToken));
        }
        catch (Exception exception)
        {
            running.Dispose();
            throw new InvalidOperationException($"{exception.Message} It said: {running.Output}", exception);
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line is not null && Listening().Match(line) is { Success: true } found)
        {
            _address.TrySetResult(new Uri(found.Groups[1].Value));
        }
    }

    [GeneratedRegex(@"Now listening on: (http://\S+)")]
    private static partial Regex Listening();
}
