using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>
/// Prints what a build adds to the memory of the process at its peak, beside the size of its input and of the finished index:
/// <c>scann-memory vectors.npy [cosine|dot|l2] [float32|bfloat16|int8] [file|array] [soar]</c>. One build a process, since pools keep what an earlier one
/// left there; a small build before it loads the code. On Linux only: the system's mark of the most memory held is set back before the build.
/// </summary>
internal static class ScannMemoryTable
{
    private const int WarmUpRows = 4096;
    private const double Million = 1e6;

    public static int Print(string[] arguments)
    {
        var function = ScannBuildTable.FunctionOf(arguments.ElementAtOrDefault(1));
        var options = new ScannOptions
        {
            RescoringFormat = Enum.Parse<RescoringFormat>(arguments.ElementAtOrDefault(2) ?? "float32", ignoreCase: true),
            Soar = arguments.Contains("soar") ? true : null,
        };
        using var file = EmbeddingSource.Open(arguments[0]);
        var rows = Rows(file);
        using (var warmUp = EmbeddingSource.From(rows.AsMemory(0, Math.Min(WarmUpRows * file.Dimension, rows.Length)), file.Dimension))
        {
            ScannIndex.Build(warmUp, null, function, options).Dispose();
        }

        // Rows has read every page of the file, so both kinds of input are in memory before the build.
        var fromArray = arguments.Contains("array");
        using var array = EmbeddingSource.From(fromArray ? rows : [], file.Dimension);
        rows = fromArray ? rows : [];
        PeakMemory.Reset();
        var before = Environment.WorkingSet;
        var processor = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        using var index = ScannIndex.Build(fromArray ? array : file, null, function, options);
        var wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var seconds = (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
        var growth = PeakMemory.Bytes() - before;
        var input = (long)file.Count * file.Dimension * sizeof(float);
        var built = index.Snapshot.Memory.ByteLength;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{file.Count} x {file.Dimension}, {function}, {options.RescoringFormat}, {(fromArray ? "array" : "mapped file")}{(options.Soar == true ? ", SOAR" : "")}, {index.PartitionCount} partitions"));
        Console.WriteLine("| input MB | index MB | growth MB | growth / input | growth / index | processor s | wall s | SHA-256 of the file |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---|");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {input / Million:f1} | {built / Million:f1} | {growth / Million:f1} | {growth / (double)input:f2} | {growth / (double)built:f2} | {seconds:f2} | {wall:f2} | {Fingerprint(index)} |"));
        return 0;
    }

    private static float[] Rows(EmbeddingSource source)
    {
        var rows = new float[checked(source.Count * source.Dimension)];
        for (var row = 0; row < source.Count; row++)
        {
            source.CopyRow(row, rows.AsSpan(row * source.Dimension, source.Dimension));
        }

        return rows;
    }

    // Equal for equal bytes: what a change of the build must not change.
    private static string Fingerprint(ScannIndex index)
    {
        var path = Path.Combine(Path.GetTempPath(), $"scann-memory-{Environment.ProcessId}.index");
        try
        {
            index.Save(path);
            using var saved = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(saved))[..16];
        }
        finally
        {
            File.Delete(path);
        }
    }
}
