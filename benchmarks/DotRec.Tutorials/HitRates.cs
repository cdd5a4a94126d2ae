using System.Diagnostics;
using DotRec.Modeling;

namespace DotRec.Tutorials;

/// <summary>Fits a retrieval model on every split and reports how often the film is among the first hundred.</summary>
internal static class HitRates
{
    private const int K = 100;

    /// <summary>One line for each way to ask: among all films, as TFRS does, and without those that the user rated in training.</summary>
    /// <param name="name">What is fitted.</param>
    /// <param name="published">TFRS' figure, among all films.</param>
    /// <param name="splits">What it is fitted on.</param>
    /// <param name="fit">Fits it, and says how to measure it. Only the first counts as training.</param>
    /// <param name="byTime">Whether the splits are by time.</param>
    public static IReadOnlyList<Result> Of(string name, string published, IEnumerable<Choices> splits, Func<Choices, Fitted> fit, bool byTime = false)
    {
        var (all, unseen) = (new List<double>(), new List<double>());
        var (seconds, processor, parameters) = (0.0, 0.0, 0L);
        foreach (var split in splits)
        {
            // Histories are made once a split, whatever is fitted first.
            _ = split.Histories;
            var clock = Stopwatch.StartNew();
            var before = Environment.CpuUsage.TotalTime;
            var fitted = fit(split);
            processor += (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            seconds += clock.Elapsed.TotalSeconds;
            var report = fitted.Measure();
            all.Add(report.All.HitRate[K]);
            unseen.Add(report.ExcludingSeen.HitRate[K]);
            parameters = fitted.Parameters;
        }

        var prefix = byTime ? "by time, " : "";
        return
        [
            new Result(name, $"{prefix}hit@{K}", all, published, parameters, seconds) { ProcessorSeconds = processor },
            new Result(name, $"{prefix}unseen hit@{K}", unseen, "", parameters, seconds) { ProcessorSeconds = processor },
        ];
    }

    /// <summary>A two-tower model.</summary>
    public static Fitted Towers(TwoTowerModel model, Choices split, FitOptions options)
    {
        model.Fit(split.Train, options with { Seed = split.Seed });
        return new Fitted(() => model.Evaluate(split.Test).Retrieval, model.Parameters.Sum(parameter => (long)parameter.Value.Length));
    }

    /// <summary>A model of histories, asked with everything that a user rated in training.</summary>
    public static Fitted History(HistoryModel model, Choices split)
    {
        model.Fit(split.Histories);
        return new Fitted(() => model.Evaluate(split.Examples, [K]), 0);
    }

    /// <summary>A model after its fit.</summary>
    /// <param name="Measure">Measures it on the test rows.</param>
    /// <param name="Parameters">Its trained numbers; 0 for a model that counts.</param>
    internal sealed record Fitted(Func<RetrievalReport> Measure, long Parameters);
}
