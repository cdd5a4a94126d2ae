namespace DotRec.Modeling;

/// <summary>How a network of histories is trained. Immutable; every default is stated.</summary>
public sealed record HistoryFitOptions
{
    // So few pairs of an item and the next one tell nothing.
    private const int LeastPositions = 500;

    // Small data are cut into more batches, of at least so many positions.
    private const int Batches = 64;
    private const int LeastBatch = 256;
    private const int MostBatch = 4096;

    // Of short histories: as many epochs as give so many steps.
    private const int ShortEpochs = 24;
    private const int ShortSteps = 1500;
    private const int MostShortEpochs = 100;

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

    /// <summary>
    /// Settings that suit histories. Where they are long, many epochs at a constant rate, ended by <see cref="Validation"/>; where they are short, few epochs over which a larger
    /// rate falls to a twentieth. Small data are cut into more batches.
    /// </summary>
    /// <param name="histories">What is learned from.</param>
    /// <param name="shape">The network.</param>
    /// <exception cref="ArgumentException">The histories have so few pairs of an item and the next one that nothing can be learned.</exception>
    public static HistoryFitOptions For(Histories histories, HistoryNetworkOptions shape)
    {
        ArgumentNullException.ThrowIfNull(histories);
        ArgumentNullException.ThrowIfNull(shape);
        var positions = Enumerable.Range(0, histories.Count).Sum(query => (long)Math.Clamp(histories.Of(query).Length - 1, 0, shape.Length));
        if (positions < LeastPositions)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"The histories have {positions:N0} pairs of an item and the next one; a network learns from {LeastPositions} at least. Give more rows, or take a model of counts."), nameof(histories));
        }

        var batch = (int)Math.Clamp(positions / Batches, LeastBatch, MostBatch);
        if (histories.AreLong)
        {
            return new HistoryFitOptions { BatchPositions = batch, ValidationInterval = 3, EarlyStopping = new EarlyStopping("ndcg@10") { Patience = 2 } };
        }

        var schedule = LearningRateSchedule.CosineDecay(0.05);
        return new HistoryFitOptions
        {
            BatchPositions = batch,
            Epochs = (int)Math.Clamp((ShortSteps * (long)batch / positions) + 1, ShortEpochs, MostShortEpochs),
            ValidationInterval = 6,
            EarlyStopping = new EarlyStopping("ndcg@10") { Patience = 2 },
            Optimizer = new CompositeOptimizer(
                (new Adam(0.02) { Beta2 = 0.999, Schedule = schedule }, parameter => parameter.IsRowSparse),
                (new Adam(0.002) { Beta2 = 0.999, Schedule = schedule }, parameter => !parameter.IsRowSparse)),
        };
    }

    private static int AtLeast(int value, int minimum, string name) =>
        value >= minimum ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {minimum}.");
}
