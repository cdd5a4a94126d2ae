using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using DotRec.Data;
using DotRec.Features;
using DotRec.Kernels;
using DotRec.Modeling;

namespace DotRec.Benchmarks;

/// <summary>
/// Thousand training examples a second of the two-tower model of TFRS' basic retrieval tutorial (dimension 32, batch 8192, Adagrad 0.1), the whole
/// step: picking rows, both towers, loss, gradients, update.
/// </summary>
internal static class TrainingTable
{
    private const int Batch = 8192;

    public static int Print()
    {
        Console.WriteLine(Measure().ToMarkdown());
        return 0;
    }

    /// <summary>Thousand examples a second.</summary>
    public static ResultTable Measure()
    {
        int[] threadCounts = [.. new[] { 1, Parallelism.MaxDegreeOfParallelism }.Distinct()];
        var rows = new List<JsonNode?[]>();
        foreach (var (users, items) in new[] { (943, 1_682), (1_000_000, 1_000_000) })
        {
            var data = Draw(users, items, rows: 12 * Batch);
            foreach (var corrections in new[] { false, true })
            {
                List<JsonNode?> cells = [string.Create(CultureInfo.InvariantCulture, $"{users:N0} / {items:N0}"), corrections ? "logQ, accidental hits" : "plain"];
                foreach (var threads in threadCounts)
                {
                    Parallelism.MaxDegreeOfParallelism = threads;
                    var steps = Steps(data, users, items, corrections);
                    cells.Add(PerSecond(steps[0]));
                    cells.Add(PerSecond(steps[steps.Count / 2]));
                }

                rows.Add([.. cells]);
            }
        }

        return new ResultTable(
            [new("users / items"), new("loss"), .. threadCounts.SelectMany(t => (ResultColumn[])[new($"shortest step, {t}t", "F0"), new($"median step, {t}t", "F0")])], rows);
    }

    /// <summary>Seconds of every step after the first epoch, shortest first.</summary>
    private static List<double> Steps(FeatureBatch data, int users, int items, bool corrections)
    {
        var model = new TwoTowerModel(
            new Tower(new IntegerLookup("user", Enumerable.Range(0, users).Select(id => (long)id)), new Embedding(32)),
            new Tower(new IntegerLookup("item", Enumerable.Range(0, items).Select(id => (long)id)), new Embedding(32)),
            new Retrieval { RemoveAccidentalHits = corrections, CorrectSampling = corrections });
        var clock = new StepClock();
        model.Fit(data, new FitOptions { Epochs = 8, BatchSize = Batch, Optimizer = new Adagrad(0.1), Progress = clock });
        return [.. clock.Steps.Order()];
    }

    private static JsonValue PerSecond(double seconds) => ResultTable.Number(Batch / seconds / 1000);

    private static FeatureBatch Draw(int users, int items, int rows)
    {
        var random = new SeededRandom(1);
        long Skewed(int count) => (long)(count * Math.Pow(random.NextDouble(), 2.5));
        return new FeatureBatch(
            new Column<long>("user", [.. Enumerable.Range(0, rows).Select(_ => Skewed(users))]),
            new Column<long>("item", [.. Enumerable.Range(0, rows).Select(_ => Skewed(items))]));
    }

    private sealed class StepClock : IProgress<FitProgress>
    {
        private long _last = Stopwatch.GetTimestamp();

        public List<double> Steps { get; } = [];

        public void Report(FitProgress value)
        {
            var now = Stopwatch.GetTimestamp();
            if (value.CompletedEpoch is null && value.Epoch > 1 && value.Step > 1)
            {
                Steps.Add(Stopwatch.GetElapsedTime(_last, now).TotalSeconds);
            }

            _last = now;
        }
    }
}
