using System.Diagnostics;
using System.Reflection;

namespace DotRec.Conformance.Tests;

[Trait(KernelLaws.TraitName, KernelLaws.TraitValue)]
public sealed class StaysInsideTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Kernels_touch_nothing_outside_their_buffers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Guard pages are made with Linux' mmap.");

        // In a process of its own: what would be found here kills the process that finds it.
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, typeof(StaysInsideTests).Assembly.GetName().Name!))
        {
            ArgumentList = { "-class", "*.Guarded*", "-explicit", "only", "-noColor" },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;

        // Both at once: a crash fills one pipe while the other is still open.
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
        finally
        {
            process.Kill();
        }

        var text = await output;
        Assert.True(process.ExitCode == 0, $"{text}\n{await errors}");
        Assert.Contains($"Total: {CountGuarded()},", text, StringComparison.Ordinal);
    }

    private static int CountGuarded() =>
        (from type in typeof(StaysInsideTests).Assembly.GetTypes()
         where type.Name.StartsWith("Guarded", StringComparison.Ordinal)
         from method in type.GetMethods()
         where method.GetCustomAttribute<FactAttribute>() is { Explicit: true }
         select method).Count();
}
