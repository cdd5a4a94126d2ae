using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>A metric of your own, measured on the validation data of a fit beside those of the model: reported, and open to <see cref="EarlyStopping"/>.</summary>
/// <param name="Name">Name in reports; none of the model's own.</param>
/// <param name="HigherIsBetter">False for errors, losses and costs.</param>
/// <param name="Of">The metric on the validation rows; it asks the model that is fitted.</param>
/// <example>
/// <code>
/// var revenue = new ValidationMetric("revenue", HigherIsBetter: true, rows => model.Predict(rows).Zip(rows.Get&lt;float>("price").Values.ToArray(), (p, price) => p > 0.5 ? price : 0).Sum());
/// model.Fit(train, model.DefaultFitOptions with { Validation = valid, ValidationMetrics = [revenue], EarlyStopping = new EarlyStopping("revenue") });
/// </code>
/// </example>
public sealed record ValidationMetric(string Name, bool HigherIsBetter, Func<FeatureBatch, double> Of);
