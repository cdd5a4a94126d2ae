using DotRec.Modeling;

namespace DotRec.Cli;

/// <summary>An explanation as tables on the terminal.</summary>
internal static class ExplanationTables
{
    private const int ShownPairs = 15;

    public static void Print(Explanation explanation)
    {
        if (explanation.Crosses is { } crosses)
        {
            Terminal.Heading($"strongest crosses: {crosses.Layers.Count} layers over {crosses.Fields.Count} fields, {crosses.Width} numbers");
            var pairs = crosses.StrongestPairs(layer: null, explanation.Norm);
            Terminal.Table(
                ["#", "field", "field", explanation.Norm == BlockNorm.Frobenius ? "Frobenius norm" : "RMS weight"],
                pairs.Take(ShownPairs).Select((pair, i) => (string[])[$"{i + 1}", pair.First, pair.Second, FormattableString.Invariant($"{pair.Strength:G4}")]));
        }
        else
        {
            Terminal.Say("this network has no cross layers (or its bundle keeps no crosses.json): there are no crosses to show.");
        }

        if (explanation.Cuts.Count > 0)
        {
            Terminal.Heading("numbers: where a tree on the label cuts them into bins");
            Terminal.Table(["number", "bins", "from", "cuts", "to", "missing"], explanation.Cuts.Select(number => (string[])
            [
                number.Column, $"{number.Cuts.Count + 1}", Short(number.Least), string.Join("  ", number.Cuts.Select(Short)), Short(number.Greatest), number.MarksMissing ? "marked" : "as the mean",
            ]));
        }

        if (explanation.Importance is { } importance)
        {
            Terminal.Heading($"importance: what {explanation.MeasuredRows:N0} rows lose when a feature is shuffled");
            Terminal.Table(
                ["feature", .. importance.Metrics.Select((metric, i) => FormattableString.Invariant($"{metric.Name} {importance.Baseline[i]:F4}, worse by"))],
                explanation.ByImportance.Select(feature => (string[])
                    [feature.Feature.Name, .. feature.Scores.Select(fall => FormattableString.Invariant($"{fall.Mean:F4} ± {fall.StandardDeviation:F4}"))]));
        }

        foreach (var row in explanation.Rows)
        {
            var whole = row.Contributions;
            Terminal.Heading(FormattableString.Invariant($"row {row.Number}: {whole.Prediction:F4} = {whole.Baseline:F4} on average {whole.Prediction - whole.Baseline:+0.0000;-0.0000}"));
            Terminal.Table(
                ["feature", "value", "adds"],
                row.ByMagnitude.Select(one => (string[])[one.Share.Feature.Name, one.Value, FormattableString.Invariant($"{one.Share.Value:+0.0000;-0.0000;0.0000}{(one.Share.StandardError > 0 ? FormattableString.Invariant($" ± {one.Share.StandardError:F4}") : "")}")]));
        }
    }

    /// <summary>A cut as people read it.</summary>
    public static string Short(double number) => FormattableString.Invariant($"{number:G6}");
}
