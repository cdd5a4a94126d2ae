using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>How a model is trained. Immutable; every default is stated.</summary>
public sealed record FitOptions
{
    /// <summary>Passes over the data. 3 by default.</summary>
    public int Epochs
    {
        get;
        init => field = AtLeast(value, 1, nameof(Epochs));
    } = 3;

    /// <summary>
    /// Rows a step. 4096 by default. In retrieval it is also the number of candidates every query is compared with, so a larger batch is a
    /// harder and less biased problem. The last batch of an epoch holds what is left.
    /// </summary>
    public int BatchSize
    {
        get;
        init => field = AtLeast(value, 1, nameof(BatchSize));
    } = 4096;

    /// <summary>How weights are updated. Adagrad with rate 0.1 by default.</summary>
    public Optimizer Optimizer
    {
        get;
        init => field = value ?? throw new ArgumentNullException(nameof(value));
    } = new Adagrad(0.1);

    /// <summary>
    /// Decides initial weights (unless the model has weights already), the order of rows and dropout. The same seed gives the same weights,
    /// bit for bit, at any number of threads. 0 by default.
    /// </summary>
    public ulong Seed { get; init; }

    /// <summary>True (the default): a new random order of the rows every epoch. False: rows in the order of the data.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>Data to evaluate on after epochs, or null. It never changes weights, only when training stops.</summary>
    public FeatureBatch? Validation { get; init; }

    /// <summary>Metrics of your own to measure on <see cref="Validation"/>, beside the model's. None by default.</summary>
    public IReadOnlyList<ValidationMetric> ValidationMetrics { get; init; } = [];

    /// <summary>Epochs between evaluations on <see cref="Validation"/>; the last epoch is always evaluated. 1 by default.</summary>
    public int ValidationInterval
    {
        get;
        init => field = AtLeast(value, 1, nameof(ValidationInterval));
    } = 1;

    /// <summary>Stops when validation no longer improves. Null (the default): all epochs are run. Needs <see cref="Validation"/>.</summary>
    public EarlyStopping? EarlyStopping { get; init; }

    /// <summary>
    /// Share of the last steps over which the final weights are averaged, 0 (the default: none) to 1. The mean of the last fifth is steadier than
    /// the last weights at a constant learning rate. It replaces early stopping: both together are refused.
    /// </summary>
    public double TailAverage
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "TailAverage is a share of the steps, 0 to 1.");
    }

    /// <summary>Where and how often the state of the run is saved. Null (the default): never.</summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>
    /// Ends the fit before its last epoch when it is cancelled, without an error: the model has the weights of the last epoch that was finished (of the best
    /// one with <see cref="EarlyStopping"/>), and <see cref="FitResult.WasStopped"/> is set. Where no epoch is finished, the fit ends with
    /// <see cref="OperationCanceledException"/>. A token that can be cancelled costs a copy of the weights. None by default.
    /// </summary>
    public CancellationToken StopToken { get; init; }

    /// <summary>Told after every step and every epoch, on the training thread; null for silence. Slow listeners slow training.</summary>
    public IProgress<FitProgress>? Progress { get; init; }

    private static int AtLeast(int value, int minimum, string name) =>
        value >= minimum ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {minimum}.");
}
