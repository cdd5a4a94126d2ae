namespace DotRec.Modeling;

/// <summary>Retrieval metrics in both settings: what users have already had may come again, or may not.</summary>
public sealed class RetrievalReport
{
    private readonly RetrievalMetrics? _excludingSeen;

    internal RetrievalReport(RetrievalMetrics all, RetrievalMetrics? excludingSeen)
    {
        All = all;
        _excludingSeen = excludingSeen;
    }

    /// <summary>Every item of the catalogue is a candidate: TFRS' protocol.</summary>
    public RetrievalMetrics All { get; }

    /// <summary>The query's training items are no candidates; an example whose true item is one of them is a miss.</summary>
    /// <exception cref="InvalidOperationException">No training data is known, see <see cref="HasExcludingSeen"/>.</exception>
    public RetrievalMetrics ExcludingSeen => _excludingSeen ?? throw new InvalidOperationException(
        $"It is not known what queries have seen: the model was loaded, not fitted. Call {nameof(RecommenderModel.RememberTrainingData)} before the evaluation.");

    /// <summary>True when training data is known, so that <see cref="ExcludingSeen"/> could be measured.</summary>
    public bool HasExcludingSeen => _excludingSeen is not null;

    /// <inheritdoc/>
    public override string ToString() => _excludingSeen is null ? $"{All}" : $"{All}; excluding seen: {_excludingSeen}";
}
