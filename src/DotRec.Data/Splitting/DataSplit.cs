namespace DotRec.Data;

/// <summary>A data set in two parts that share no row.</summary>
/// <param name="Train">Rows to learn from.</param>
/// <param name="Test">Rows held out.</param>
public readonly record struct DataSplit(FeatureBatch Train, FeatureBatch Test);
