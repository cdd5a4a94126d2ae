using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>Blends the best model of embeddings that was tried with the best one from item to item.</summary>
/// <param name="options">Whether what was seen is left out, and the seed.</param>
internal sealed class BlendTraining(RetrievalPipelineOptions options)
{
    // Enough to tell weights apart that matter.
    private const int WeightRows = 3000;

    /// <summary>Finds the weight that is best on validation rows.</summary>
    /// <param name="tried">What was tried before.</param>
    /// <param name="validation">The rows to measure on.</param>
    /// <param name="cancellationToken">Checked between weights.</param>
    /// <exception cref="ArgumentException">One of the two kinds was not tried.</exception>
    public RetrievalChoice Try(IReadOnlyList<RetrievalChoice> tried, FeatureBatch validation, CancellationToken cancellationToken)
    {
        var embeddings = Best(tried.Where(choice => choice.Tried is TwoTowerFit or HistoryEmbeddingFit), "of embeddings");
        var lists = Best(tried.Where(choice => choice.Tried is ItemToItemFit { Kind: not RetrievalModelKind.Popularity }), "from item to item");
        var sample = validation.RowCount <= WeightRows ? validation : validation.Select(RowHash.Sample(validation.RowCount, WeightRows, options.Seed));
        var (weight, _) = BlendScorer.Best(
            embeddings.Tried.ScorerOf(sample, cancellationToken), lists.Tried.ScorerOf(sample, cancellationToken), BlendModel.Weights.Where(weight => weight > 0),
            ((ItemToItemFit)lists.Tried).Rows.Examples(sample), RetrievalFit.Ks, Figure, cancellationToken);
        var fit = Joined(embeddings.Tried, lists.Tried, weight);
        return new RetrievalChoice(fit, fit.Evaluate(validation, cancellationToken).Retrieval, (rows, token) => Joined(embeddings.Refit(rows, token), lists.Refit(rows, token), weight));
    }

    private static BlendFit Joined(RetrievalFit embeddings, RetrievalFit lists, double weight) => new(embeddings, (ItemToItemFit)lists, weight)
    {
        Settings = FormattableString.Invariant(
            $"{RetrievalModelNames.Of(embeddings.Kind)} ({embeddings.Settings}) + {weight} {RetrievalModelNames.Of(lists.Kind)}{(lists.Settings.Length > 0 ? $" ({lists.Settings})" : "")}"),
    };

    private RetrievalChoice Best(IEnumerable<RetrievalChoice> tried, string kind) =>
        tried.MaxBy(choice => Figure(choice.Report)) ?? throw new ArgumentException($"no model {kind} was tried to its end, so there is nothing to blend.");

    private double Figure(RetrievalReport report) => RetrievalChoice.Figures(report, options.ExcludeSeen).Average();
}
