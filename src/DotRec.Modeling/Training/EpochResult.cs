namespace DotRec.Modeling;

/// <summary>What one epoch did.</summary>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Loss">Mean training loss per example over the epoch, penalties not included, each batch with the weights it met.</param>
/// <param name="Losses">The same by name of each task whose loss was given one by <see cref="Modeling.Loss.Named"/>; empty when none was.</param>
/// <param name="ValidationMetrics">The evaluation on the validation data, by name, or null when there was none after this epoch.</param>
/// <param name="TrainingSeconds">Time spent in training steps; evaluation and checkpoints not counted.</param>
public sealed record EpochResult(int Epoch, double Loss, IReadOnlyDictionary<string, double> Losses, IReadOnlyDictionary<string, double>? ValidationMetrics, double TrainingSeconds);
