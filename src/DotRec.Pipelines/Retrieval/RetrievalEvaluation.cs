using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>A retrieval model on held-out rows, beside simple ones.</summary>
public sealed record RetrievalEvaluation
{
    internal RetrievalEvaluation(RetrievalReport retrieval) => Retrieval = retrieval;

    /// <summary>How high the model ranks the item of each row, with and without what its query had in training.</summary>
    public RetrievalReport Retrieval { get; }

    /// <summary>The same of what was chosen most often in training: what any model must beat.</summary>
    public RetrievalReport Popularity { get; init; } = null!;

    /// <summary>The same of item-based nearest neighbours, a model of a few seconds; null where the model is one itself.</summary>
    public RetrievalReport? ItemKnn { get; init; }

    /// <summary>The mean loss of a row; null for a model without.</summary>
    public double? Loss { get; init; }

    /// <summary>What looks wrong with the data or the model, though it is allowed.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>All figures by name, as bundles keep them: "hitRate@10", "excludingSeen.ndcg@100", "popularity.hitRate@10", "loss".</summary>
    public IReadOnlyDictionary<string, double> Metrics
    {
        get
        {
            var report = new MetricReport();
            if (Loss is { } loss)
            {
                report.Add("loss", loss);
            }

            report.Add("", Retrieval);
            report.Add("popularity", Popularity);
            if (ItemKnn is { } neighbours)
            {
                report.Add("itemKnn", neighbours);
            }

            return report.Values;
        }
    }
}
