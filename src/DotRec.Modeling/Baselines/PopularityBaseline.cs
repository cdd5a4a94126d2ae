using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>Ranks items by how often they came in the training data, the same for everyone: what a model must beat to be worth having.</summary>
public sealed class PopularityBaseline
{
    private readonly TrainingHistory _history;

    /// <summary>Counts the training data. Items of equal counts rank in catalogue order.</summary>
    /// <param name="metric">The catalogue and the list lengths.</param>
    /// <param name="train">Training rows.</param>
    /// <param name="queryIdColumn">Column that identifies a query (user).</param>
    public PopularityBaseline(FactorizedTopK metric, FeatureBatch train, string queryIdColumn)
    {
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentNullException.ThrowIfNull(train);
        _history = new TrainingHistory(metric, train, queryIdColumn);
    }

    /// <summary>The metrics on held-out rows.</summary>
    public RankingReport Evaluate(FeatureBatch test, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(test);
        return _history.Rank(_history.Popularity(test.RowCount), test, default, cancellation);
    }
}
