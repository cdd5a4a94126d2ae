using DotRec.Modeling;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary>What is known of a model: each part null or empty where the bundle or the command line gives nothing for it.</summary>
internal sealed record Explanation
{
    /// <summary>Name of the bundle.</summary>
    public required string Model { get; init; }

    /// <summary>What the model predicts.</summary>
    public string? Label { get; init; }

    public CrossWeights? Crosses { get; init; }

    /// <summary>Where numbers are cut into bins.</summary>
    public IReadOnlyList<NumberCuts> Cuts { get; init; } = [];

    public BlockNorm Norm { get; init; }

    public PermutationImportance? Importance { get; init; }

    /// <summary>Rows the importance was measured on.</summary>
    public int MeasuredRows { get; init; }

    public IReadOnlyList<ExplainedRow> Rows { get; init; } = [];

    /// <summary>Rows that explained rows are compared with.</summary>
    public int BackgroundRows { get; init; }

    /// <summary>Features by the fall of the first metric, the greatest first.</summary>
    public IReadOnlyList<FeatureImportance> ByImportance => [.. (Importance?.Features ?? []).OrderByDescending(feature => feature.Scores[0].Mean)];
}

/// <summary>One row's prediction.</summary>
/// <param name="Number">Its number in the file, from 1 on.</param>
/// <param name="Contributions">What each feature adds.</param>
/// <param name="Values">The features' values, in their order.</param>
internal sealed record ExplainedRow(int Number, Contributions Contributions, IReadOnlyList<string> Values)
{
    /// <summary>Each feature with its value, those that move the prediction most first.</summary>
    public IReadOnlyList<(Contribution Share, string Value)> ByMagnitude =>
        [.. Contributions.Features.Zip(Values).OrderByDescending(pair => Math.Abs(pair.First.Value))];
}
