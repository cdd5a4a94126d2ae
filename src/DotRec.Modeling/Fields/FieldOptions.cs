using DotRec.Features;

namespace DotRec.Modeling;

/// <summary>What <see cref="Fields.Of"/> makes of columns whose type alone does not tell, and the size of embeddings.</summary>
public sealed record FieldOptions
{
    /// <summary>Width of an embedding; 16 by default.</summary>
    public int EmbeddingDimension { get; init; } = 16;

    /// <summary>Strength of the penalty on the embeddings a batch uses, see <see cref="Embedding.L2"/>; 0 by default.</summary>
    public double EmbeddingL2 { get; init; }

    /// <summary>First values of the embeddings; <see cref="Embedding"/>'s default when null.</summary>
    public Initializer? EmbeddingInitializer { get; init; }

    /// <summary>
    /// Categories rarer than this in the data share the row of unknown ones; 1 keeps all. Null (the default) is 2, or 1 where no value occurs
    /// twice: a category seen once teaches nothing of its own, but together they teach the model what an unknown one means, which it would
    /// otherwise meet untrained. (TalkingData, deep and cross network: AUC .979 instead of .971 on new rows.)
    /// </summary>
    public int? MinimumCount { get; init; }

    /// <summary>Most words a text column's vocabulary holds; 10,000 by default.</summary>
    public int MaximumWords { get; init; } = 10_000;

    /// <summary>How numbers are scaled. <see cref="NumberScale.Automatic"/> by default.</summary>
    public NumberScale NumberScale { get; init; }

    /// <summary>
    /// Column of labels in the data, 0 and 1 or numbers: each number then also enters through bins whose cuts a tree on this label chose (see
    /// <see cref="PiecewiseLinear"/>), as a field of its own beside the scaled one. What ranking networks gain most by on tables of numbers: AUC .928 instead of
    /// .920 on held-out training rows of Adult. Give <see cref="Fields.Of"/> training rows alone. Null (the default) for scaled numbers only.
    /// </summary>
    public string? Label { get; init; }

    /// <summary>The most bins that the tree of <see cref="Label"/> cuts a number into; 48 by default.</summary>
    public int MaximumBins
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "MaximumBins must be at least 1.");
    } = 48;

    /// <summary>
    /// Bins of about equally many rows that numbers are put in, each bin a category with an embedding, missing numbers in a bin of their own;
    /// 0 (the default) keeps them numbers. Bins suit numbers whose effect rises and falls, and linear models.
    /// </summary>
    public int NumberBins
    {
        get;
        init => field = value is 0 or >= 2 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "NumberBins must be 0 or at least 2.");
    }

    /// <summary>Integer columns that are numbers to calculate with, not categories to look up.</summary>
    public IReadOnlyCollection<string> Numbers { get; init; } = [];

    /// <summary>String columns that are text, to be split into words.</summary>
    public IReadOnlyCollection<string> Texts { get; init; } = [];
}
