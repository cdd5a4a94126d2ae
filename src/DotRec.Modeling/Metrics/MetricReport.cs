using System.Globalization;

namespace DotRec.Modeling;

/// <summary>
/// Figures by name, those of several tasks side by side: "rmse" of the task "rating" is "rating.rmse". What <see cref="RecommenderModel.Measure"/> fills;
/// <see cref="Evaluation.Metrics"/> shows it and <see cref="EarlyStopping"/> chooses from it.
/// </summary>
public sealed class MetricReport
{
    private readonly SortedDictionary<string, double> _values = new(StringComparer.Ordinal);

    /// <summary>The figures so far.</summary>
    public IReadOnlyDictionary<string, double> Values => _values;

    /// <summary>Adds a figure.</summary>
    /// <param name="name">Its name. Of names that end in "loss", "rmse" or "mae" early stopping takes smaller values for better ones.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="ArgumentException">The name is empty or taken.</exception>
    public void Add(string name, double value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!_values.TryAdd(name, value))
        {
            throw new ArgumentException($"There is a figure named '{name}' already. Give each a name of its own, or name the task it belongs to.", nameof(name));
        }
    }

    /// <summary>Adds "rmse" and "mae".</summary>
    /// <param name="task">What the figures are of: "rating" gives "rating.rmse". Empty for no prefix.</param>
    /// <param name="metrics">The figures.</param>
    /// <exception cref="ArgumentException">One of the names is taken.</exception>
    public void Add(string task, RatingMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        Put(task, "rmse", metrics.Rmse);
        Put(task, "mae", metrics.Mae);
    }

    /// <summary>Adds "auc", "logLoss", "accuracy" and "calibration".</summary>
    /// <inheritdoc cref="Add(string, RatingMetrics)"/>
    public void Add(string task, BinaryMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        Put(task, "auc", metrics.Auc);
        Put(task, "logLoss", metrics.LogLoss);
        Put(task, "accuracy", metrics.Accuracy);
        Put(task, "calibration", metrics.Calibration);
    }

    /// <summary>Adds "ndcg@k" and "precision@k" of every k, "ndcg", "mrr", "map" and "groupedAuc".</summary>
    /// <inheritdoc cref="Add(string, RatingMetrics)"/>
    public void Add(string task, QueryMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        PutByK(task, "ndcg", metrics.Ndcg);
        PutByK(task, "precision", metrics.Precision);
        Put(task, "ndcg", metrics.FullNdcg);
        Put(task, "mrr", metrics.ReciprocalRank);
        Put(task, "map", metrics.AveragePrecision);
        Put(task, "groupedAuc", metrics.Auc);
    }

    /// <summary>Adds "hitRate@k" and "ndcg@k" of every k, and "mrr".</summary>
    /// <inheritdoc cref="Add(string, RatingMetrics)"/>
    public void Add(string task, RetrievalMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        PutByK(task, "hitRate", metrics.HitRate);
        PutByK(task, "ndcg", metrics.Ndcg);
        Put(task, "mrr", metrics.MeanReciprocalRank);
    }

    /// <summary>Adds those of a <see cref="RetrievalMetrics"/> in both settings: of all items, and, where it is known what was seen, without these as "excludingSeen".</summary>
    /// <inheritdoc cref="Add(string, RatingMetrics)"/>
    public void Add(string task, RetrievalReport metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        Add(task, metrics.All);
        if (metrics.HasExcludingSeen)
        {
            Add(string.IsNullOrEmpty(task) ? "excludingSeen" : $"{task}.excludingSeen", metrics.ExcludingSeen);
        }
    }

    private void PutByK(string task, string name, MetricByK values)
    {
        foreach (var (k, value) in values)
        {
            Put(task, string.Create(CultureInfo.InvariantCulture, $"{name}@{k}"), value);
        }
    }

    private void Put(string task, string name, double value)
    {
        ArgumentNullException.ThrowIfNull(task);
        Add(task.Length == 0 ? name : $"{task}.{name}", value);
    }
}
