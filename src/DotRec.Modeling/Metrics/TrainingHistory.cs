using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>The training interactions in terms of a catalogue: how often each item came, and what each query had.</summary>
internal sealed class TrainingHistory
{
    private readonly FactorizedTopK _metric;

    /// <param name="metric">The catalogue and the ks.</param>
    /// <param name="data">The training rows.</param>
    /// <param name="queryIdColumn">Column that identifies a query.</param>
    public TrainingHistory(FactorizedTopK metric, FeatureBatch data, string queryIdColumn)
    {
        _metric = metric;
        QueryIdColumn = queryIdColumn;
        var items = metric.Ids.RowsOf(data[metric.IdColumn]);
        Counts = new int[metric.Items.RowCount];
        foreach (var item in items)
        {
            if (item >= 0)
            {
                Counts[item]++;
            }
            else
            {
                UnknownItemCount++;
            }
        }

        Seen = SeenItems.From(data[queryIdColumn], items);
    }

    public string QueryIdColumn { get; }

    /// <summary>Interactions by catalogue row.</summary>
    public int[] Counts { get; }

    /// <summary>Interactions with items the catalogue lacks.</summary>
    public int UnknownItemCount { get; }

    public SeenItems Seen { get; }

    /// <summary>Ranks the true items of test rows in both settings.</summary>
    public RetrievalReport Rank(ItemScorer scorer, FeatureBatch test, ReadOnlySpan<float> weights, CancellationToken cancellationToken)
    {
        var ranks = ItemRanks.Compute(scorer, _metric.Ids.RowsOf(test[_metric.IdColumn]), Seen, Seen.QueriesOf(test[QueryIdColumn]), cancellationToken);
        return RetrievalReport.FromRanks(ranks.All, ranks.ExcludingSeen, _metric.KSpan, weights);
    }

    /// <summary>The catalogue in the order of training counts, the same for every query: popularity as an inner product of width 1.</summary>
    public ItemScorer Popularity(int queryCount)
    {
        var queries = new float[queryCount];
        Array.Fill(queries, 1f);
        return new EmbeddingScorer(queries, Array.ConvertAll(Counts, count => (float)count), dimension: 1);
    }
}
