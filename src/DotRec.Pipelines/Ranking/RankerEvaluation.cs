using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>A ranker's scores beside the labels of a table, and the constant prediction beside them.</summary>
public sealed class RankerEvaluation
{
    internal RankerEvaluation(LabelCoding label, int rowCount) => (Label, RowCount) = (label, rowCount);

    /// <summary>What the label column says.</summary>
    public LabelCoding Label { get; }

    /// <summary>Rows measured on.</summary>
    public int RowCount { get; }

    /// <summary>How good the probabilities are, where labels are classes; else null.</summary>
    public BinaryMetrics? Binary { get; internal init; }

    /// <summary>How far the numbers are off, where labels are numbers; else null.</summary>
    public RatingMetrics? Rating { get; internal init; }

    /// <summary>The mean label of the training rows as every prediction, on the same rows; null where the bundle does not know it, as older ones.</summary>
    public ConstantBaseline? Constant { get; internal init; }
}
