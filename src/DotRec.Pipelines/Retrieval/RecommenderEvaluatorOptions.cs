using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>What a <see cref="RecommenderEvaluator"/> reads and how much it does. Immutable; every default is stated.</summary>
public sealed record RecommenderEvaluatorOptions
{
    /// <summary>Column that tells what was chosen; null (the default) for the recommender's own name of item ids.</summary>
    public string? ItemId
    {
        get;
        init => field = value is null ? null : OptionRange.Column(value, nameof(ItemId));
    }

    /// <summary>How files are laid out where it does not show, and which columns are read. Found out by default.</summary>
    public CsvOptions Layout { get; init; } = new();

    /// <summary>
    /// Scores the evaluation may take: its rows times the items. Where all rows would take more, as many as it allows are drawn by the seed, at least 1,000,
    /// and a note says how many. 10^10 by default; <see cref="long.MaxValue"/> for all rows.
    /// </summary>
    public long EvaluationBudget
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(EvaluationBudget)} must be at least 1.");
    } = EvaluationSample.DefaultBudget;

    /// <summary>Decides which rows are drawn. 42 by default.</summary>
    public ulong Seed { get; init; } = 42;
}
