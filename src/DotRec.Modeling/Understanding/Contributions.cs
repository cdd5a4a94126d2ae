namespace DotRec.Modeling;

/// <summary>Why one prediction is what it is: <see cref="Baseline"/> and the values of <see cref="Features"/> add up to <see cref="Prediction"/>.</summary>
/// <param name="Prediction">The model's prediction for the row.</param>
/// <param name="Baseline">Its mean prediction for the background rows.</param>
/// <param name="Features">What each feature adds, in the order the features were given.</param>
public sealed record Contributions(double Prediction, double Baseline, IReadOnlyList<Contribution> Features);

/// <summary>How far a feature's value moves one prediction away from the mean one.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="Value">In units of the prediction; negative when it makes the prediction smaller.</param>
/// <param name="StandardError">
/// How far sampling may be off; 0 when the value is exact. Differences between background rows count in it though every row is used equally often, so
/// it errs to the large side.
/// </param>
public sealed record Contribution(FeatureGroup Feature, double Value, double StandardError);
