using DotRec.Data;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// Permutation importance (Breiman, 2001; Fisher, Rudin and Dominici, 2019): what a feature is worth is how much worse predictions get when its
/// values are dealt to other rows.
/// </summary>
/// <remarks>
/// Ask it on rows the model was not trained on. Features that say the same share their worth or hide each other's: put them in one
/// group. Works with anything that predicts, takes one prediction of all rows for each feature and repeat.
/// </remarks>
/// <param name="Metrics">What was measured.</param>
/// <param name="Baseline">The metrics of the untouched rows.</param>
/// <param name="Features">In the order they were given.</param>
public sealed record PermutationImportance(IReadOnlyList<PredictionMetric> Metrics, IReadOnlyList<double> Baseline, IReadOnlyList<FeatureImportance> Features)
{
    /// <summary>Measures every feature.</summary>
    /// <param name="predict">The model: a prediction a row.</param>
    /// <param name="data">Held-out rows, with all columns the model reads.</param>
    /// <param name="features">What to measure; a feature's columns are shuffled together.</param>
    /// <param name="metrics">Metrics over the rows of <paramref name="data"/>.</param>
    /// <param name="repeats">Shuffles of each feature.</param>
    /// <param name="seed">Decides the shuffles.</param>
    /// <param name="progress">Told the number of predictions made, of 1 + features · repeats.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="ArgumentException">A column is missing or in two features, or there is no feature, metric or row.</exception>
    public static PermutationImportance Of(
        Func<FeatureBatch, float[]> predict,
        FeatureBatch data,
        IReadOnlyList<FeatureGroup> features,
        IReadOnlyList<PredictionMetric> metrics,
        int repeats = 5,
        ulong seed = 0,
        IProgress<long>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(predict);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(repeats);
        FeatureGroup.Check(features, data);
        if (metrics.Count == 0 || data.RowCount == 0)
        {
            throw new ArgumentException($"There are {metrics.Count} metrics and {data.RowCount} rows; at least one of each is needed.");
        }

        var baseline = Measure(data);
        var random = new SeededRandom(seed);
        var importances = new FeatureImportance[features.Count];
        for (var i = 0; i < features.Count; i++)
        {
            var falls = metrics.Select(_ => new double[repeats]).ToArray();
            for (var repeat = 0; repeat < repeats; repeat++)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report(1 + ((long)i * repeats) + repeat);
                var measured = Measure(Shuffled(data, features[i], random.Stream(((ulong)i * (ulong)repeats) + (ulong)repeat)));
                for (var metric = 0; metric < metrics.Count; metric++)
                {
                    falls[metric][repeat] = metrics[metric].HigherIsBetter ? baseline[metric] - measured[metric] : measured[metric] - baseline[metric];
                }
            }

            importances[i] = new FeatureImportance(features[i], [.. falls.Select(Summarize)]);
        }

        return new PermutationImportance(metrics, baseline, importances);

        double[] Measure(FeatureBatch rows)
        {
            var predictions = FeatureGroup.Checked(predict(rows), rows.RowCount);
            return [.. metrics.Select(metric => metric.Of(predictions))];
        }
    }

    private static FeatureBatch Shuffled(FeatureBatch data, FeatureGroup feature, SeededRandom random)
    {
        var rows = Enumerable.Range(0, data.RowCount).ToArray();
        random.Shuffle(rows.AsSpan());
        return feature.Columns.Aggregate(data, (batch, column) => batch.With(data[column].Select(rows)));
    }

    private static MetricFall Summarize(double[] falls)
    {
        var mean = falls.Average();
        return new MetricFall(mean, falls.Length > 1 ? Math.Sqrt(falls.Sum(fall => (fall - mean) * (fall - mean)) / (falls.Length - 1)) : 0);
    }
}
