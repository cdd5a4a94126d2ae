using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>What a ranking model is trained and measured on.</summary>
/// <param name="Name">What reports call it.</param>
/// <param name="Rows">All rows to learn from, the label as the coding gives it.</param>
/// <param name="Test">Rows to measure on; null to hold some out.</param>
/// <param name="Columns">The features.</param>
/// <param name="Label">What the label column says.</param>
internal sealed record RankingData(string Name, FeatureBatch Rows, FeatureBatch? Test, IReadOnlyList<RankingColumn> Columns, LabelCoding Label)
{
    /// <summary>The features and the coded label of a table.</summary>
    public static FeatureBatch Coded(FeatureBatch data, IReadOnlyList<RankingColumn> columns, LabelCoding label, string file) =>
        ColumnInference.Convert(data, columns).With(label.Encode(data[label.Column], file));
}
