namespace DotRec.Serving;

/// <summary>What a bundle holds.</summary>
public enum BundleKind
{
    /// <summary>A <see cref="Serving.Recommender"/>.</summary>
    Recommender,

    /// <summary>A <see cref="Serving.Ranker"/>, of a ranking model alone.</summary>
    Ranker,
}
