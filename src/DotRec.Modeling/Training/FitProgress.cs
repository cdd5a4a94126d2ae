namespace DotRec.Modeling;

/// <summary>Where a fit stands.</summary>
/// <param name="Epoch">Epoch under way, from 1.</param>
/// <param name="EpochCount">Epochs asked for.</param>
/// <param name="Step">Steps done in this epoch.</param>
/// <param name="StepCount">Steps an epoch has.</param>
/// <param name="Loss">Mean loss per example so far in this epoch.</param>
/// <param name="ExamplesPerSecond">Training speed in this epoch so far, evaluation not counted.</param>
/// <param name="CompletedEpoch">The epoch's result, in the last report of the epoch; else null.</param>
public sealed record FitProgress(
    int Epoch, int EpochCount, int Step, int StepCount, double Loss, double ExamplesPerSecond, EpochResult? CompletedEpoch = null);
