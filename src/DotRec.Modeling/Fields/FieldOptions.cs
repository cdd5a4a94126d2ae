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

    /// <summary>Categories rarer than this in the data share the row of unknown ones; 1 (the default) keeps all.</summary>
    public int MinimumCount { get; init; } = 1;

    /// <summary>Most words a text column's vocabulary holds; 10,000 by default.</summary>
    public int MaximumWords { get; init; } = 10_000;

    /// <summary>Integer columns that are numbers to calculate with, not categories to look up.</summary>
    public IReadOnlyCollection<string> Numbers { get; init; } = [];

    /// <summary>String columns that are text, to be split into words.</summary>
    public IReadOnlyCollection<string> Texts { get; init; } = [];
}
