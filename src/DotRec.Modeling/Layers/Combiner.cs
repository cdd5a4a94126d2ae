namespace DotRec.Modeling;

/// <summary>What an <see cref="Embedding"/> makes of a list's vectors.</summary>
public enum Combiner
{
    /// <summary>Their mean: a long list weighs no more than a short one.</summary>
    Mean,

    /// <summary>Their sum: the length of the list shows.</summary>
    Sum,
}
