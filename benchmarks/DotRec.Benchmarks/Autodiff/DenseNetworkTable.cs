using System.Globalization;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>
/// Prints training speed of the dense part of a deep and cross network, beside eager PyTorch in the same run where python3 has torch, and
/// how much of the step its matrix products alone would take at the speed of the largest of them.
/// </summary>
internal static class DenseNetworkTable
{
    private static readonly (int Batch, int Width)[] Sizes = [(8192, 192), (8192, 416), (1024, 192), (1024, 416)];

    public static int Print()
    {
        Console.WriteLine("| batch | width | threads | ms a step | examples/s | GFLOPS | products' share | PyTorch ms | speed-up |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var (batch, width) in Sizes)
        {
            foreach (var threads in new[] { 1, Environment.ProcessorCount }.Distinct())
            {
                Parallelism.MaxDegreeOfParallelism = threads;
                var network = new DenseNetwork(batch, width);
                var seconds = Stopclock.Shortest(() => network.Step(), seconds: 2);
                var share = network.MultiplyAdds * ProductSeconds(batch, width) / seconds;
                var torch = PyTorch.DenseNetworkSeconds(batch, width, threads);
                string[] cells =
                [
                    $"{batch}", $"{width}", $"{threads}", Text(seconds * 1e3), Text(batch / seconds, "N0"), Text(2 * network.MultiplyAdds / seconds / 1e9, "F0"),
                    Text(share, "P0"), torch is { } time ? Text(time * 1e3) : "absent", torch is { } other ? $"{Text(other / seconds)}x" : "",
                ];
                Console.WriteLine($"| {string.Join(" | ", cells)} |");
            }
        }

        return 0;
    }

    /// <summary>Seconds a multiply-add takes in the product of a cross layer.</summary>
    private static double ProductSeconds(int batch, int width)
    {
        float[] x = new float[batch * width], w = new float[width * width], y = new float[batch * width];
        var seconds = Stopclock.Shortest(() => GemmKernels.Multiply(false, false, batch, width, width, x, width, w, width, y, width));
        return seconds / ((double)batch * width * width);
    }

    private static string Text(double value, string format = "F1") => value.ToString(format, CultureInfo.InvariantCulture);
}
