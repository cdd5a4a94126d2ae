using System.Text.Json.Nodes;
using DotRec.Modeling;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary>Several runs as one report: mean and standard deviation over seeds, the baselines beside the model.</summary>
internal sealed class RetrievalReportTable(IReadOnlyList<RetrievalResult> runs)
{
    /// <summary>The table people read: hit rates of the model and its baselines, with and without what the query has had in training.</summary>
    public void Print(string modelName)
    {
        if (!runs[0].HasEvaluation)
        {
            Terminal.Say("no rows are held out, so nothing is measured.");
            return;
        }

        var ks = runs[0].Evaluation.Retrieval.All.HitRate.Keys.Order().ToArray();
        foreach (var (title, pick) in Settings())
        {
            var rows = Rows(modelName, pick).Where(row => row.Metrics.Count > 0).ToArray();
            if (rows.Length > 0)
            {
                Terminal.Table(
                    [$"hit rate @k, {title}", .. ks.Select(k => $"{k}")],
                    rows.Select(row => (string[])[row.Name, .. ks.Select(k => HitRate(row.Metrics, k).ToText(runs.Count > 1))]));
            }
        }
    }

    public static JsonObject Json(RetrievalData data) => new()
    {
        ["name"] = data.Name,
        ["interactions"] = data.Interactions.RowCount,
        ["queries"] = data.QueryCount,
        ["items"] = data.Items.RowCount,
    };

    public JsonObject? Test() => Of(run => Model(run)?.All);

    public JsonObject? TestExcludingSeen() => Of(run => Model(run)?.ExcludingSeen);

    public JsonObject Baselines() => new()
    {
        ["popularity"] = Baseline(Popularity),
        ["itemKnn"] = Baseline(Neighbours),
        ["ease"] = Baseline(run => run.Ease),
    };

    public JsonObject Timing() => new()
    {
        ["trainExamplesPerSecond"] = Mean(run => run.Fit?.ExamplesPerSecond),
        ["trainSeconds"] = Mean(run => run.Fit?.Epochs.Concat(run.Fit == run.EpochChoice ? [] : run.EpochChoice?.Epochs ?? []).Sum(epoch => epoch.TrainingSeconds)),
    };

    /// <summary>What is said of a model that popularity, which knows nothing of the query, beats: a sentence with the length of the lists; null where it does not.</summary>
    public string? LossToPopularity()
    {
        if (runs[0].PopularityCutoff is not { } k || (runs[0].Selection is not null && !runs.All(run => run.IsBehindPopularity)))
        {
            return null;
        }

        var (model, popularity) = (runs.Average(run => run.Recommended(run.Evaluation.Retrieval).HitRate[k]), runs.Average(run => run.Recommended(run.Evaluation.Popularity).HitRate[k]));
        return model < popularity ? FormattableString.Invariant($"this model loses to popularity: its hit rate at {k} is {model:0.0000}, that of popularity {popularity:0.0000}.") : null;
    }

    /// <summary>What is said of a model that item-based neighbours beat by more than noise; null where they do not.</summary>
    public string? LossToNeighbours() => runs.All(run => run.IsBehindNeighbours)
        ? "this model loses to item-kNN, a model of a few seconds. Let --model auto choose, or take --model item-knn."
        : null;

    private double? Mean(Func<RetrievalResult, double?> of) => runs.Select(of).ToArray() is var values && Array.TrueForAll(values, value => value is not null) ? values.Average() : null;

    private static IEnumerable<(string Title, Func<RetrievalReport?, RetrievalMetrics?> Pick)> Settings() =>
        [("all items", report => report?.All), ("excluding seen", report => report?.ExcludingSeen)];

    private IEnumerable<(string Name, IReadOnlyList<RetrievalMetrics> Metrics)> Rows(string modelName, Func<RetrievalReport?, RetrievalMetrics?> pick) =>
    [
        ("popularity", Collect(run => pick(Popularity(run)))),
        ("item-kNN", Collect(run => pick(Neighbours(run)))),
        ("EASE", Collect(run => pick(run.Ease))),
        (modelName, Collect(run => pick(Model(run)))),
    ];

    private static RetrievalReport? Model(RetrievalResult run) => run.HasEvaluation ? run.Evaluation.Retrieval : null;

    private static RetrievalReport? Popularity(RetrievalResult run) => run.HasEvaluation ? run.Evaluation.Popularity : null;

    private static RetrievalReport? Neighbours(RetrievalResult run) => run.HasEvaluation ? run.Evaluation.ItemKnn : null;

    private List<RetrievalMetrics> Collect(Func<RetrievalResult, RetrievalMetrics?> pick) => [.. runs.Select(pick).OfType<RetrievalMetrics>()];

    private JsonObject? Baseline(Func<RetrievalResult, RetrievalReport?> pick) => pick(runs[0]) is null ? null : new JsonObject
    {
        ["test"] = Of(run => pick(run)?.All),
        ["testExcludingSeen"] = Of(run => pick(run)?.ExcludingSeen),
    };

    private JsonObject? Of(Func<RetrievalResult, RetrievalMetrics?> pick)
    {
        var metrics = Collect(pick);
        return metrics.Count == 0 ? null : new JsonObject
        {
            ["hitRate"] = ByK(metrics, one => one.HitRate),
            ["ndcg"] = ByK(metrics, one => one.Ndcg),
            ["mrr"] = SeedStatistics.Of([.. metrics.Select(one => one.MeanReciprocalRank)]).ToJson(),
            ["count"] = metrics.Sum(one => one.Count),
        };
    }

    private static JsonObject ByK(List<RetrievalMetrics> metrics, Func<RetrievalMetrics, MetricByK> pick) =>
        new(pick(metrics[0]).Keys.Order().Select(k => KeyValuePair.Create<string, JsonNode?>(
            FormattableString.Invariant($"{k}"), SeedStatistics.Of([.. metrics.Select(one => pick(one)[k])]).ToJson())));

    private static SeedStatistics HitRate(IReadOnlyList<RetrievalMetrics> metrics, int k) => SeedStatistics.Of([.. metrics.Select(one => one.HitRate[k])]);
}
