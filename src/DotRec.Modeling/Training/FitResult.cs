namespace DotRec.Modeling;

/// <summary>What a fit did.</summary>
public sealed record FitResult
{
    /// <summary>The epochs run, those before a resume included.</summary>
    public required IReadOnlyList<EpochResult> Epochs { get; init; }

    /// <summary>The epoch whose weights the model has: the last one, or the best one when early stopping restored it.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>True when early stopping ended the fit before its last epoch.</summary>
    public required bool StoppedEarly { get; init; }

    /// <summary>True when <see cref="FitOptions.StopToken"/> ended the fit before its last epoch.</summary>
    public bool WasStopped { get; init; }

    /// <summary>Steps done in this call, those before a resume not counted.</summary>
    public required long Steps { get; init; }

    /// <summary>Training examples a second in this call; evaluation, checkpoints and the first encoding of the data not counted.</summary>
    public required double ExamplesPerSecond { get; init; }

    /// <summary>What looks wrong though it is allowed: ids outside a vocabulary, settings under which training does next to nothing.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
