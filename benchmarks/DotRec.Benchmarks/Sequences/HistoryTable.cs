using System.Diagnostics;
using System.Globalization;
using DotRec.Kernels;
using DotRec.Modeling;

namespace DotRec.Benchmarks;

/// <summary>
/// Trains a history network by the leave-last-out protocol and prints, by time, what validation says, then the test once:
/// <c>histories ml-1m|beauty-54k|games [name=value …]</c>, the names being those of <see cref="Settings"/>. Every choice is validation's: the test comes last.
/// </summary>
internal static class HistoryTable
{
    private const int ValidationUsers = 3000;

    private static readonly string[] Settings =
        ["data", "network", "pooling", "pastdecay", "layers", "loss", "calibration", "popularity", "logq", "tied", "dimension", "blocks", "heads", "length", "dropout", "negatives", "rate", "beta2", "positions", "epochs", "interval", "patience", "seed", "minutes", "refit", "decay", "tablerate", "tablebeta2", "blend", "lambda", "gamma", "attentiondropout", "postnorm", "fromstart", "average"];

    public static int Print(string[] arguments)
    {
        var values = arguments.Skip(1).Select(argument => argument.Split('=', 2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        if (arguments.FirstOrDefault() is not { } data || !SequenceData.Names.Contains(data, StringComparer.Ordinal) || values.Count != arguments.Length - 1 || values.Keys.Except(Settings).Any())
        {
            Console.Error.WriteLine($"histories {string.Join('|', SequenceData.Names)} [name=value …]; names: {string.Join(", ", Settings)}");
            return 2;
        }

        double Number(string name, double otherwise) => values.TryGetValue(name, out var text) ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;
        var all = SequenceData.Load(data, DataFolder.Find(values.GetValueOrDefault("data")));
        var split = new LeaveLastOut(all);
        var schedule = values.ContainsKey("decay") ? LearningRateSchedule.CosineDecay(Number("decay", 0)) : LearningRateSchedule.Constant;
        var rest = new Adam(Number("rate", 0.001)) { Beta2 = Number("beta2", 0.98), Schedule = schedule };
        using var time = new CancellationTokenSource(TimeSpan.FromMinutes(Number("minutes", 60)));
        var clock = new Clock();
        var options = new HistoryFitOptions
        {
            Epochs = (int)Number("epochs", 100),
            BatchPositions = (int)Number("positions", 4096),
            Optimizer = values.Keys.Intersect(["rate", "beta2", "decay", "tablerate", "tablebeta2"]).Any()
                ? new CompositeOptimizer(
                    (new Adam(Number("tablerate", Number("rate", 0.001))) { Beta2 = Number("tablebeta2", Number("beta2", 0.98)), Schedule = schedule }, parameter => parameter.IsRowSparse),
                    (rest, parameter => !parameter.IsRowSparse))
                : null,
            Seed = (ulong)Number("seed", 1),
            WeightAverage = Number("average", 0),
            Validation = split.Validation,
            ValidationInterval = (int)Number("interval", 1),
            EarlyStopping = new EarlyStopping("ndcg@10") { Patience = (int)Number("patience", 5) },
            Progress = clock,
            StopToken = time.Token,
        };
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{data}: {all.Count:N0} users, {all.ItemCount:N0} items, {all.Length:N0} rows; {split.Test.Count:N0} to test. {Create(Number, values).Options}; {string.Join(' ', arguments)}; {Parallelism.MaxDegreeOfParallelism} threads, {KernelSelection.Current}"));
        Console.WriteLine("| epoch | loss | validation NDCG@10 | HR@10 | wall s, training | processor s, all | positions/s |\n|---:|---:|---:|---:|---:|---:|---:|");
        var model = Create(Number, values);
        var result = model.Fit(split.Train, options);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"best epoch {result.BestEpoch}, {clock.Wall:F0} s wall, {clock.Processor:F0} processor s{string.Concat(result.Warnings.Select(warning => $"; {warning}"))}"));
        Report("train-only", model, split.Test);
        var isBlended = Number("blend", 0) > 0;
        var weight = isBlended ? Blend("train-only", model, split.Train, split.Test, blend => blend.ChooseWeight(split.Validation.Sample(ValidationUsers, seed: 1))) : 0;
        if (Number("refit", 0) > 0)
        {
            // The same settings and the epochs that validation chose, on all but the test items.
            var again = Create(Number, values);
            again.Fit(split.TrainAndValidation, options with { Validation = null, Epochs = result.BestEpoch, Progress = null, StopToken = default });
            Report("refit", again, split.Test);
            if (isBlended)
            {
                Blend("refit", again, split.TrainAndValidation, split.Test, blend => blend.Weight = weight);
            }
        }

        return 0;

        // With the linear item transition of the settings that were best for it alone.
        double Blend(string what, HistoryNetwork network, Histories train, NextItems test, Action<BlendModel> choose)
        {
            var linear = new ItemTransitionModel { Decay = Number("gamma", 0.75), Regularization = Number("lambda", 100) };
            linear.Fit(train);
            Report($"{what}, linear", linear, test);
            var blend = new BlendModel(network, linear);
            choose(blend);
            Report(FormattableString.Invariant($"{what}, blend 1 : {blend.Weight}"), blend, test);
            foreach (var part in new HistoryModel[] { network, linear })
            {
                var difference = Hits(blend, test).Minus(Hits(part, test));
                var (low, high) = difference.Interval();
                Console.WriteLine(FormattableString.Invariant($"blend less {part.GetType().Name}: HR@10 {difference.Mean:+0.0000;-0.0000}, 95 % {low:+0.0000;-0.0000} to {high:+0.0000;-0.0000}"));
            }

            return blend.Weight;
        }
    }

    // The network of the settings.
    private static HistoryNetwork Create(Func<string, double, double> number, Dictionary<string, string> values)
    {
        return values.GetValueOrDefault("network", "sasrec") switch
        {
            "sasrec" => new SasRec(Common(new SasRecOptions
            {
                Blocks = (int)number("blocks", 2),
                Heads = (int)number("heads", 1),
                AttentionDropout = number("attentiondropout", 0),
                PostNorm = number("postnorm", 0) > 0,
                PositionsFromStart = number("fromstart", 0) > 0,
            })),
            "gru" => new Gru4Rec(Common(new Gru4RecOptions { Layers = (int)number("layers", 1) })),
            "pooled" => new PooledHistory(Common(new PooledHistoryOptions
            {
                Pooling = Enum.Parse<HistoryPooling>(values.GetValueOrDefault("pooling", nameof(HistoryPooling.DecayedMean)), ignoreCase: true),
                Decay = number("pastdecay", 0.8),
            })),
            var other => throw new ArgumentException($"There is no network '{other}'; there are sasrec, gru and pooled."),
        };

        T Common<T>(T shape)
            where T : HistoryNetworkOptions => (T)(shape with
            {
                Dimension = (int)number("dimension", 64),
                Length = (int)number("length", 200),
                Dropout = number("dropout", 0.2),
                Negatives = values.ContainsKey("negatives") ? (int)number("negatives", 0) : null,
                Loss = values.GetValueOrDefault("loss", "softmax") == "gbce" ? NextItemLossKind.GeneralizedBinaryCrossEntropy : NextItemLossKind.Softmax,
                Calibration = number("calibration", 0.75),
                NegativePopularity = number("popularity", 0),
                LogQCorrection = number("logq", 0) > 0,
                TieEmbeddings = number("tied", 1) > 0,
            });
    }

    private static MetricSample Hits(HistoryModel model, NextItems test) =>
        new("hitRate@10", [.. model.Evaluate(test, [10]).RanksExcludingSeen.ToArray().Select(rank => rank is >= 1 and <= 10 ? 1.0 : 0)]);

    private static void Report(string what, HistoryModel model, NextItems test)
    {
        var report = model.Evaluate(test, [1, 5, 10, 100]);
        var metrics = report.ExcludingSeen;

        // Of a share and of a mean of values over users.
        var gains = report.RanksExcludingSeen.ToArray().Select(rank => rank is >= 1 and <= 10 ? 1 / Math.Log2(1 + rank) : 0).ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"test, {what}: HR@10 {metrics.HitRate[10]:F4} ± {Interval([.. gains.Select(gain => gain > 0 ? 1.0 : 0)]):F4}, NDCG@10 {metrics.Ndcg[10]:F4} ± {Interval(gains):F4}, HR@1 {metrics.HitRate[1]:F4}, HR@5 {metrics.HitRate[5]:F4}, HR@100 {metrics.HitRate[100]:F4}"));
    }

    private static double Interval(double[] values)
    {
        var mean = values.Average();
        return 1.96 * Math.Sqrt(values.Average(value => (value - mean) * (value - mean)) / values.Length);
    }

    private sealed class Clock : IProgress<FitProgress>
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private readonly double _processor = ProcessorClock.Seconds();
        private double _training;

        public double Wall => Stopwatch.GetElapsedTime(_start).TotalSeconds;

        public double Processor => ProcessorClock.Seconds() - _processor;

        public void Report(FitProgress value)
        {
            if (value.CompletedEpoch is { } epoch)
            {
                _training += epoch.TrainingSeconds;
                var metrics = epoch.ValidationMetrics;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {epoch.Epoch} | {epoch.Loss:F4} | {metrics?["ndcg@10"]:F4} | {metrics?["hitRate@10"]:F4} | {_training:F1} | {Processor:F1} | {value.ExamplesPerSecond:N0} |"));
            }
        }
    }
}
