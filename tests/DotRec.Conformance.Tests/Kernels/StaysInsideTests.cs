using System.Diagnostics;

namespace DotRec.Conformance.Tests;

[Trait(KernelLaws.TraitName, KernelLaws.TraitValue)]
public sealed class StaysInsideTests
{
    [Fact]
    public async Task Kernels_touch_nothing_outside_their_buffers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Guard pages are made with Linux' mmap.");

        // In a process of its own: what would be found here kills the process that finds it.
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, typeof(StaysInsideTests).Assembly.GetName().Name!))
        {
            ArgumentList = { "-class", typeof(GuardedKernels).FullName!, "-explicit", "only", "-noColor" },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{output}\n{errors}");
        Assert.Contains("Total: 4,", output, StringComparison.Ordinal);
    }
}
