using System.Diagnostics;

namespace DotRec.Kernels.Tests;

/// <summary>What a program sees that is started with a wrong environment variable: a process of its own, since both are read once.</summary>
public sealed class EnvironmentVariableTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(nameof(Multiplies), "DOTREC_FORCE_ISA", "foo", "DOTREC_FORCE_ISA is 'foo'; expected Portable, Avx2, Avx512, or nothing.")]
    [InlineData(nameof(Multiplies), "DOTREC_FORCE_ISA", "Avx512", "DOTREC_FORCE_ISA is 'Avx512', but this process cannot run Avx512 kernels.")]
    [InlineData(nameof(Chooses_a_lookup), "DOTREC_FORCE_ISA", "foo", "DOTREC_FORCE_ISA is 'foo'; expected Portable, Avx2, Avx512, or nothing.")]
    [InlineData(nameof(Loops), "DOTREC_THREADS", "x", "DOTREC_THREADS is 'x'; expected a whole number of at least 1")]
    public async Task A_wrong_value_gives_its_sentence(string use, string variable, string value, string sentence)
    {
        var output = await RunAsync(use, variable, value);
        Assert.Contains($"{typeof(EnvironmentVariableException).FullName} : {sentence}", output, StringComparison.Ordinal);
        Assert.DoesNotContain(nameof(TypeInitializationException), output, StringComparison.Ordinal);
        Assert.Contains("Failed: 1,", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(Multiplies), "DOTREC_FORCE_ISA", "portable")]
    [InlineData(nameof(Loops), "DOTREC_THREADS", "1")]
    public async Task A_right_value_is_taken(string use, string variable, string value) =>
        Assert.Contains("Failed: 0,", await RunAsync(use, variable, value), StringComparison.Ordinal);

    /// <summary>Run by the processes that the tests above start.</summary>
    [Fact(Explicit = true)]
    public void Multiplies() => Assert.Equal(11, DotKernels.Dot([1, 2], [3, 4]));

    /// <inheritdoc cref="Multiplies"/>
    [Fact(Explicit = true)]
    public void Chooses_a_lookup() => Assert.True(PackedLookupKernels.IsSupported(PackedLookupKernels.Current));

    /// <inheritdoc cref="Multiplies"/>
    [Fact(Explicit = true)]
    public void Loops() => Parallelism.For(2, _ => { });

    private static async Task<string> RunAsync(string use, string variable, string value)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList = { "-method", $"*.{nameof(EnvironmentVariableTests)}.{use}", "-explicit", "only", "-noColor" },

            // Without it no processor has AVX-512.
            Environment = { [variable] = value, ["DOTNET_EnableHWIntrinsic"] = "0" },
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(
                Patience, TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
            return output;
        }
        finally
        {
            process.Kill();
        }
    }
}
