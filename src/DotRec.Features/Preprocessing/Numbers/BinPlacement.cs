namespace DotRec.Features;

/// <summary>Where <see cref="Discretization"/> puts the boundaries it learns.</summary>
public enum BinPlacement
{
    /// <summary>Bins hold about equally many of the values adapted to.</summary>
    Quantiles,

    /// <summary>Bins are equally wide between the smallest and the largest value adapted to.</summary>
    EqualWidth,
}
