namespace DotRec.Modeling;

/// <summary>When to stop a fit before its last epoch: a validation metric has not improved for a while.</summary>
/// <param name="Metric">
/// Name of an entry of <see cref="Evaluation.Metrics"/> or of a <see cref="ValidationMetric"/>, such as "hitRate@100", or "rating.rmse" of a model of several tasks. "calibration", best at 1,
/// cannot be chosen.
/// </param>
public sealed record EarlyStopping(string Metric = "loss")
{
    /// <summary>
    /// Whether a larger value is an improvement. Null (the default): what a <see cref="ValidationMetric"/> of this name says; else no
    /// for names that end in "loss" (in any case), "rmse" or "mae", yes for all others.
    /// </summary>
    public bool? HigherIsBetter { get; init; }

    /// <summary>Evaluations without improvement that are tolerated. 1 by default: the second in a row stops the fit.</summary>
    public int Patience
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Patience must not be negative.");
    } = 1;

    /// <summary>A change smaller than this is no improvement. 0 by default.</summary>
    public double MinimumChange
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "MinimumChange must not be negative.");
    }

    /// <summary>True (the default): the model ends with the weights of its best evaluation, whether or not the fit stopped early.</summary>
    public bool RestoreBest { get; init; } = true;

    /// <summary>The metric among those of an evaluation.</summary>
    /// <exception cref="ArgumentException">The evaluation has no such metric.</exception>
    internal double Read(IReadOnlyDictionary<string, double> metrics) => Kind == "calibration" && HigherIsBetter is null
        ? throw new ArgumentException("Early stopping cannot watch 'calibration': it is best at 1, not when large or small. Watch 'logLoss' or 'auc'.")
        : metrics.TryGetValue(Metric, out var value) ? value : throw new ArgumentException(
        $"Early stopping watches '{Metric}', which this model does not report. It reports: {string.Join(", ", metrics.Keys)}.");

    internal bool IsBetter(double value, double best) =>
        HigherIsBetter ?? !(Kind is "rmse" or "mae" || Kind.EndsWith("loss", StringComparison.OrdinalIgnoreCase)) ? value > best + MinimumChange : value < best - MinimumChange;

    /// <summary>The same, with the direction that a metric of the user's own says.</summary>
    internal EarlyStopping Knowing(IReadOnlyList<ValidationMetric> metrics) =>
        HigherIsBetter is null && metrics.FirstOrDefault(metric => metric.Name == Metric) is { } own ? this with { HigherIsBetter = own.HigherIsBetter } : this;

    /// <summary>The metric's name without its task.</summary>
    private string Kind => Metric[(Metric.LastIndexOf('.') + 1)..];
}
