namespace DotRec.Modeling;

/// <summary>Where and how often a fit saves its state, so that a run that was killed can go on.</summary>
/// <param name="Path">
/// The checkpoint file. Each save writes a temporary file beside it, flushes it to the disk and renames it over the last one: at any moment
/// the path holds a whole checkpoint or none.
/// </param>
/// <remarks>
/// A resumed fit ends with the same weights, bit for bit, as one that was never interrupted. A checkpoint holds weights, optimizer state,
/// the position in the data, the epochs so far and the best weights; it takes 2 to 4 times the size of the model.
/// </remarks>
public sealed record CheckpointOptions(string Path)
{
    /// <summary>Steps between saves; null (the default) to save at the ends of epochs only.</summary>
    public int? EverySteps
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "EverySteps must be at least 1, or null.");
    }

    /// <summary>Epochs between saves. 1 by default.</summary>
    public int EveryEpochs
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "EveryEpochs must be at least 1.");
    } = 1;

    /// <summary>
    /// True (the default): when <see cref="Path"/> exists, the fit goes on from it; it must come from the same data, options and model, or
    /// the fit is refused. False: an existing checkpoint is overwritten at the first save.
    /// </summary>
    public bool Resume { get; init; } = true;
}
