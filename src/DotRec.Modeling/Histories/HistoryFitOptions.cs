namespace DotRec.Modeling;

/// <summary>How a network of histories is trained. Immutable; every default is stated.</summary>
public sealed record HistoryFitOptions
{
    /// <summary>Passes over the histories at most. 100 by default; with <see cref="Validation"/> a fit ends before, when it no longer improves.</summary>
    public int Epochs
    {
        get;
        init => field = AtLeast(value, 1, nameof(Epochs));
    } = 100;

    /// <summary>
    /// Positions (pairs of a history so far and the item that came next) a step, about: a step takes whole histories. 4096 by default.
    /// </summary>
    public int BatchPositions
    {
        get;
        init => field = AtLeast(value, 1, nameof(BatchPositions));
    } = 4096;

    /// <summary>
    /// How weights are updated. Null (the default): Adam with rate 0.001; where negatives are drawn, with rate 0.002, and 0.01 for the item table, of which a
    /// step then moves few rows, as all optimizers here do, and each seldom.
    /// </summary>
    public Optimizer? Optimizer { get; init; }

    /// <summary>
    /// Decides initial weights, the order of histories, negatives and dropout. The same seed gives the same weights, bit for
    /// bit, at any number of threads. 0 by default.
    /// </summary>
    public ulong Seed { get; init; }

    /// <summary>Examples held out, to measure after epochs; null for none. They never change weights, only when training stops.</summary>
    public NextItems? Validation { get; init; }

    /// <summary>Examples of <see cref="Validation"/> that are measured at most, drawn by the seed. 4000 by default.</summary>
    public int ValidationExamples
    {
        get;
        init => field = AtLeast(value, 1, nameof(ValidationExamples));
    } = 4000;

    /// <summary>Epochs between evaluations on <see cref="Validation"/>; the last epoch is always evaluated. 1 by default.</summary>
    public int ValidationInterval
    {
        get;
        init => field = AtLeast(value, 1, nameof(ValidationInterval));
    } = 1;

    /// <summary>
    /// When <see cref="Validation"/> says stop. By default after the fourth evaluation in a row whose "ndcg@10" is not the best so far; the best weights are
    /// restored. Null: all epochs are run. Without validation it has no effect.
    /// </summary>
    public EarlyStopping? EarlyStopping { get; init; } = new EarlyStopping("ndcg@10") { Patience = 3 };

    /// <summary>
    /// β: what is measured and kept is not the weights of the last step but a moving average of those of all steps, of which a step has the share 1 − β, and
    /// more in the first steps. 0 (the default): the weights themselves. 0.999 evens out about the last thousand steps; a step costs one more pass over all
    /// weights. Source: Polyak and Juditsky, 1992, "Acceleration of Stochastic Approximation by Averaging".
    /// </summary>
    public double WeightAverage
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(WeightAverage)} is at least 0 and less than 1.");
    }

    /// <summary>
    /// Ends the fit before its last epoch when it is cancelled, without an error: the model has the weights of the last epoch that was finished (of the best
    /// one with <see cref="EarlyStopping"/>), and <see cref="FitResult.WasStopped"/> is set. Where no epoch is finished, the fit ends with
    /// <see cref="OperationCanceledException"/>. None by default.
    /// </summary>
    public CancellationToken StopToken { get; init; }

    /// <summary>Told after every step and every epoch, on the training thread; null for silence. An example is a position.</summary>
    public IProgress<FitProgress>? Progress { get; init; }

    private static int AtLeast(int value, int minimum, string name) =>
        value >= minimum ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {minimum}.");
}
