using System.Diagnostics;
using System.Globalization;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>Eager PyTorch as a peer, run by python3 (Debian: python3-torch) or the interpreter named in DOTREC_PYTHON.</summary>
internal static class PyTorch
{
    /// <summary>Environment variable naming another interpreter that has torch.</summary>
    private const string Variable = "DOTREC_PYTHON";

    private const string DenseNetwork = """
        import sys, time
        try:
            import torch
        except ImportError:
            sys.exit(3)
        batch, width, threads = map(int, sys.argv[1:])
        torch.set_num_threads(threads)
        torch.manual_seed(1)
        cross = [torch.nn.Linear(width, width) for _ in range(3)]
        sizes = [width, 256, 128, 64, 1]
        deep = [torch.nn.Linear(sizes[i], sizes[i + 1]) for i in range(4)]
        features = torch.randn(batch, width, requires_grad=True)
        def step():
            for layer in cross + deep:
                layer.weight.grad = layer.bias.grad = None
            features.grad = None
            x = features
            for layer in cross:
                x = features * layer(x) + x
            for i, layer in enumerate(deep):
                x = layer(x)
                if i < 3:
                    x = torch.relu(x)
            (x * x).mean().backward()
        step()
        times = []
        begin = time.perf_counter()
        while len(times) < 10 or time.perf_counter() - begin < 2:
            start = time.perf_counter()
            step()
            times.append(time.perf_counter() - start)
        print(min(times))
        """;

    /// <summary>Shortest seconds of a step of <see cref="Benchmarks.DenseNetwork"/>; null where torch is absent.</summary>
    /// <remarks>Debian's OpenBLAS does not know the newest processors' AVX-512, so PyTorch also runs with the core type that has it; the better time counts.</remarks>
    public static double? DenseNetworkSeconds(int batch, int width, int threads)
    {
        var detected = Run(batch, width, threads, coreType: null);
        var forced = detected is null || !KernelSelection.IsSupported(InstructionSet.Avx512) ? null : Run(batch, width, threads, "SkylakeX");
        return forced < detected ? forced : detected;
    }

    private static double? Run(int batch, int width, int threads, string? coreType)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } python ? python : "python3", ["-c", DenseNetwork, $"{batch}", $"{width}", $"{threads}"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["OMP_NUM_THREADS"] = start.Environment["OPENBLAS_NUM_THREADS"] = $"{threads}";
        if (coreType is not null)
        {
            start.Environment["OPENBLAS_CORETYPE"] = coreType;
        }

        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? double.Parse(output, CultureInfo.InvariantCulture) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
