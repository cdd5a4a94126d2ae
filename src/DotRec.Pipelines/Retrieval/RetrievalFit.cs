using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>A retrieval model that was fit: of towers, or by histories.</summary>
internal abstract record RetrievalFit
{
    /// <summary>List lengths of reports.</summary>
    public static readonly int[] Ks = [1, 5, 10, 50, 100];

    /// <summary>What kind of model it is.</summary>
    public abstract RetrievalModelKind Kind { get; }

    /// <summary>The settings it was fit with, in words.</summary>
    public required string Settings { get; init; }

    /// <summary>The two towers that it is, or that are a part of it; null where there are none.</summary>
    public TwoTowerModel? Towers => this switch { TwoTowerFit towers => towers.Model, BlendFit { Embeddings: TwoTowerFit part } => part.Model, _ => null };

    /// <summary>How training in steps went; null for a model without.</summary>
    public virtual FitResult? Training => null;

    /// <summary>The training by which the number of epochs was chosen; null where there was none.</summary>
    public virtual FitResult? EpochChoice => null;

    /// <summary>Ranks the items of rows.</summary>
    public abstract RetrievalEvaluation Evaluate(FeatureBatch rows, CancellationToken cancellationToken);

    /// <summary>Scores the whole catalogue for rows.</summary>
    public abstract ItemScorer ScorerOf(FeatureBatch rows, CancellationToken cancellationToken);

    /// <summary>The ranks of the items of rows by scores.</summary>
    private protected static RetrievalEvaluation Rank(ItemScorer scorer, RetrievalRows trained, FeatureBatch rows, CancellationToken cancellationToken)
    {
        var examples = trained.Examples(rows);
        var missing = examples.Items.Count(-1);
        return new RetrievalEvaluation(HistoryModel.Rank(scorer, examples, Ks, cancellationToken))
        {
            Warnings = missing == 0 ? [] : [FormattableString.Invariant($"{missing} of {rows.RowCount} rows name an item that the catalogue does not hold; they can only be misses.")],
        };
    }
}

/// <summary>Two towers.</summary>
/// <param name="Model">The model.</param>
/// <param name="Steps">How training went.</param>
internal sealed record TwoTowerFit(TwoTowerModel Model, FitResult Steps) : RetrievalFit
{
    /// <summary>The fit that told how many epochs are best.</summary>
    public FitResult? Choice { get; init; }

    public override RetrievalModelKind Kind => RetrievalModelKind.TwoTower;

    public override FitResult Training => Steps;

    public override FitResult? EpochChoice => Choice;

    public override RetrievalEvaluation Evaluate(FeatureBatch rows, CancellationToken cancellationToken)
    {
        var measured = Model.Evaluate(WeightColumn.Equal(rows, Model.SampleWeightColumn), cancellationToken: cancellationToken);
        return new RetrievalEvaluation(measured.Retrieval) { Loss = measured.Loss, Warnings = measured.Warnings };
    }

    public override ItemScorer ScorerOf(FeatureBatch rows, CancellationToken cancellationToken) => Model.ScorerOf(rows, cancellationToken);
}

/// <summary>A model by histories.</summary>
/// <param name="HistoryKind">Of which kind.</param>
/// <param name="ByHistory">The model.</param>
/// <param name="Rows">What it was fit on.</param>
internal abstract record HistoryFit(RetrievalModelKind HistoryKind, HistoryModel ByHistory, RetrievalRows Rows) : RetrievalFit
{
    public override RetrievalModelKind Kind => HistoryKind;

    public override RetrievalEvaluation Evaluate(FeatureBatch rows, CancellationToken cancellationToken) => Rank(ScorerOf(rows, cancellationToken), Rows, rows, cancellationToken);

    public override ItemScorer ScorerOf(FeatureBatch rows, CancellationToken cancellationToken) => ByHistory.ScorerOf(Rows.Examples(rows), cancellationToken);
}

/// <summary>Weights from item to item.</summary>
/// <param name="HistoryKind">Of which kind.</param>
/// <param name="Model">The model.</param>
/// <param name="Rows">What it was fit on.</param>
internal sealed record ItemToItemFit(RetrievalModelKind HistoryKind, ItemToItemModel Model, RetrievalRows Rows) : HistoryFit(HistoryKind, Model, Rows);

/// <summary>Embeddings of histories.</summary>
/// <param name="HistoryKind">Of which kind.</param>
/// <param name="Model">The model.</param>
/// <param name="Steps">How training went; null for a model without epochs.</param>
/// <param name="Rows">What it was fit on.</param>
internal sealed record HistoryEmbeddingFit(RetrievalModelKind HistoryKind, HistoryEmbeddingModel Model, FitResult? Steps, RetrievalRows Rows) : HistoryFit(HistoryKind, Model, Rows)
{
    /// <summary>The fit that told how many epochs are best.</summary>
    public FitResult? Choice { get; init; }

    public override FitResult? Training => Steps;

    public override FitResult? EpochChoice => Choice;
}

/// <summary>A model of embeddings and one from item to item as one.</summary>
/// <param name="Embeddings">Two towers, or embeddings of histories.</param>
/// <param name="Lists">The model from item to item.</param>
/// <param name="Weight">What it counts.</param>
internal sealed record BlendFit(RetrievalFit Embeddings, ItemToItemFit Lists, double Weight) : RetrievalFit
{
    public override RetrievalModelKind Kind => RetrievalModelKind.Blend;

    public override FitResult? Training => Embeddings.Training;

    public override FitResult? EpochChoice => Embeddings.EpochChoice;

    public override RetrievalEvaluation Evaluate(FeatureBatch rows, CancellationToken cancellationToken) => Rank(ScorerOf(rows, cancellationToken), Lists.Rows, rows, cancellationToken);

    public override ItemScorer ScorerOf(FeatureBatch rows, CancellationToken cancellationToken) =>
        new BlendScorer(Embeddings.ScorerOf(rows, cancellationToken), Lists.ScorerOf(rows, cancellationToken), (float)Weight);
}
