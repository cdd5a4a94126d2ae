using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>What a ranking model is trained and measured on.</summary>
public sealed class RankingData
{
    internal RankingData(string name, FeatureBatch rows, FeatureBatch? test, IReadOnlyList<RankingColumn> columns, LabelCoding label, IReadOnlyList<string> warnings) =>
        (Name, Rows, Test, Columns, Label, Warnings) = (name, rows, test, columns, label, warnings);

    /// <summary>Name for reports: that of the file.</summary>
    public string Name { get; }

    /// <summary>All rows to learn from, the label as <see cref="Label"/> codes it.</summary>
    public FeatureBatch Rows { get; }

    /// <summary>Rows to measure on; null to hold some of <see cref="Rows"/> out.</summary>
    public FeatureBatch? Test { get; }

    /// <summary>The features, and what each was taken for.</summary>
    public IReadOnlyList<RankingColumn> Columns { get; }

    /// <summary>What the label column says.</summary>
    public LabelCoding Label { get; }

    /// <summary>What was left out or may be wrong, each a sentence: columns that never vary, columns that tell the label.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The features and the coded label of a table.</summary>
    internal static FeatureBatch Coded(FeatureBatch data, IReadOnlyList<RankingColumn> columns, LabelCoding label, string file) =>
        ColumnInference.Convert(data, columns).With(label.Encode(data[label.Column], file));
}
