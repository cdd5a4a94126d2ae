using System.Text.Json.Nodes;
using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>What is measured beside the front: filters, changes of a live index, batches.</summary>
/// <param name="filters">Filters to measure, or null.</param>
/// <param name="churn">Changes to measure, or null.</param>
/// <param name="batchSizes">Sizes of batches to measure, or null.</param>
/// <param name="targetRecall">What the index is calibrated to for filters and changes.</param>
internal sealed class FurtherBenchmarks(FilterPlan? filters, ChurnPlan? churn, IReadOnlyList<int>? batchSizes, double targetRecall)
{
    /// <summary>The setting of filters and changes; null where there are neither, or nothing to set.</summary>
    public ScannOperatingPoint? Calibrated { get; private set; }

    /// <summary>Figures under filters, null where they were not asked for.</summary>
    public IReadOnlyList<FilterFigures>? Filters { get; private set; }

    /// <summary>Figures after changes, null where they were not asked for.</summary>
    public IReadOnlyList<ChurnFigures>? Churn { get; private set; }

    /// <summary>Figures of batches, null where they were not asked for.</summary>
    public IReadOnlyList<BatchFigures>? Batches { get; private set; }

    /// <summary>Runs what was asked for on an index that was built; <paramref name="options"/> are null for the exact one.</summary>
    public void Run(VectorCorpus corpus, IItemIndex index, ScannOptions? options, int k, int passes, ulong seed, CancellationToken cancellation)
    {
        if (filters is null && churn is null && batchSizes is null)
        {
            return;
        }

        var scann = index as ScannIndex;
        using var exact = BruteForceIndex.Build(corpus.Items, corpus.Dimension, scoreFunction: corpus.ScoreFunction);
        if (filters is not null || churn is not null)
        {
            Calibrated = scann is null ? null : Calibrations.Run(scann, corpus, targetRecall, k, cancellation);
        }

        if (filters is not null)
        {
            Filters = new FilterBenchmark(corpus, index, exact, k, passes).Run(filters, seed, cancellation);
        }

        if (churn is not null)
        {
            Churn = new ChurnBenchmark(corpus, scann!, exact, options!, targetRecall, k, passes, seed).Run(churn, cancellation);
        }

        // Last: it calibrates the index to other recalls.
        if (batchSizes is not null)
        {
            Batches = new BatchBenchmark(corpus, scann!, exact, k, passes).Run(batchSizes, cancellation);
        }
    }

    /// <summary>Adds what was measured to the result file's object.</summary>
    public void AddTo(JsonObject result)
    {
        if (Calibrated is { } point)
        {
            result["calibration"] = new JsonObject { ["target"] = targetRecall, ["partitionsToSearch"] = point.PartitionsToSearch, ["rescoringCount"] = point.RescoringCount };
        }

        Add("filters", Filters?.Select(figures => figures.ToJson()));
        Add("churn", Churn?.Select(figures => figures.ToJson()));
        Add("batch", Batches?.Select(figures => figures.ToJson()));

        void Add(string name, IEnumerable<JsonObject>? figures)
        {
            if (figures is not null)
            {
                result[name] = new JsonArray([.. figures]);
            }
        }
    }
}
