using System.Diagnostics;
using System.Globalization;
using DotRec.Data;
using DotRec.Features;
using DotRec.Kernels;
using DotRec.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace DotRec.Benchmarks;

/// <summary>Prints what each preprocessing layer costs: encoding a training batch of 8,192 rows, loading its ONNX form, and one query there.</summary>
internal static class PreprocessingTable
{
    private const int Rows = 8192;

    public static int Print()
    {
        Console.WriteLine("| layer | encode 8,192 rows | model | load | batch 1 | batch 256 |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (var size in new[] { 1_000, 100_000, 1_000_000 })
        {
            var names = Draw("user_id", size, i => "user_" + i);
            Line(new StringLookup("user_id", Enumerable.Range(0, size).Select(i => "user_" + i)), names);
            Line(new IntegerLookup("user_id", Enumerable.Range(0, size).Select(i => (long)i)), Draw("user_id", size, i => (long)i));
        }

        var titles = Draw("title", 5000, i => $"The Quick Brown Fox: Part {i} ({1900 + (i % 100)})");
        var ages = Draw("age", 100_000, i => i / 1000f);
        Line(new Hashing("title", titles, bins: 200_000), titles);
        Line(new Numeric("age", ages), ages);
        Line(new Normalization("age", ages), ages);
        Line(new Discretization("age", ages, bins: 1000), ages);
        Line(new TextVectorization("title", titles, maxTokens: 10_000), titles);
        Line(new TextVectorization("title", titles, maxTokens: 10_000, maxCharacters: 256), titles);
        return 0;
    }

    private static FeatureBatch Draw<T>(string name, int bound, Func<int, T> value)
        where T : notnull
    {
        var random = new SeededRandom(1);
        var values = new T[Rows];
        for (var i = 0; i < Rows; i++)
        {
            values[i] = value(random.NextInt(bound));
        }

        return new FeatureBatch(new Column<T>(name, values));
    }

    private static void Line(PreprocessingLayer layer, FeatureBatch batch)
    {
        // A second, so that the warm-up outlasts the wait for optimised code.
        var encode = Stopclock.Shortest(() => layer.Encode(batch), seconds: 1);
        var graph = new OnnxGraph("layer");
        var column = layer.Emit(new OnnxInputs(graph));
        graph.Output("out", column.Values, layer.Output.Cardinality is null ? OnnxElementType.Float : OnnxElementType.Int64, "batch");
        var model = graph.Build().Bytes.ToArray();
        var start = Stopwatch.GetTimestamp();
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(model, options);
        var load = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {layer} | {encode * 1e3:F3} ms | {model.Length / 1e6:F2} MB | {load:F0} ms | {Query(session, batch.Columns[0], 1):F1} µs | {Query(session, batch.Columns[0], 256):F0} µs |"));
    }

    /// <summary>Microseconds of a call with the first rows of a column, making the input included.</summary>
    private static double Query(InferenceSession session, Column column, int rows)
    {
        using var run = new RunOptions();
        string[] inputs = [column.Name];
        string[] outputs = ["out"];
        return 1e6 * Stopclock.Shortest(() =>
        {
            using var value = Value(column, rows);
            using var results = session.Run(run, inputs, [value], outputs);
        });
    }

    private static OrtValue Value(Column column, int rows)
    {
        switch (column)
        {
            case Column<string> texts:
                var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, [rows]);
                for (var i = 0; i < rows; i++)
                {
                    value.StringTensorSetElementAt(texts.Values[i].AsSpan(), i);
                }

                return value;
            case Column<long> integers:
                return OrtValue.CreateTensorValueFromMemory(integers.Values[..rows].ToArray(), [rows]);
            default:
                return OrtValue.CreateTensorValueFromMemory(((Column<float>)column).Values[..rows].ToArray(), [rows]);
        }
    }
}
