namespace DotRec.Indexing;

/// <summary>How far a build is.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Fraction">How much of that stage is done, 0 to 1.</param>
public readonly record struct ScannProgress(ScannStage Stage, double Fraction);

/// <summary>The stages of a build, in their order.</summary>
public enum ScannStage
{
    /// <summary>Rows are read once and checked.</summary>
    Checking,

    /// <summary>K-means on a sample.</summary>
    Partitioning,

    /// <summary>Every item is put into its partition, and the centroids are placed.</summary>
    Assigning,

    /// <summary>Codewords are learned from a sample of residuals.</summary>
    TrainingCodebook,

    /// <summary>Every item is coded.</summary>
    Encoding,

    /// <summary>Some items are searched with as queries, to find how far searches have to go.</summary>
    Calibrating,
}
