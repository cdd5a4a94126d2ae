using System.Xml.Linq;
using DotRec.Modeling;

namespace DotRec.Cli;

/// <summary>An explanation as one HTML page that needs nothing else: no network, no script, light or dark as the reader's system is.</summary>
internal static class ExplanationPage
{
    private const int ShownPairs = 20;

    private const string Style = """
        :root { color-scheme: light dark; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
        h1, h2, h3 { line-height: 1.2; }
        table { border-collapse: collapse; margin: 1rem 0; }
        th, td { text-align: left; padding: .2rem .8rem .2rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); vertical-align: middle; }
        td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        td.value { max-width: 20rem; overflow-wrap: anywhere; }
        td.bar { width: 18rem; }
        .track { position: relative; height: 1rem; }
        .track span { position: absolute; top: 0; bottom: 0; border-radius: 2px; }
        .up { background: #2a788e; }
        .down { background: #d1603d; }
        .middle { width: 1px; background: color-mix(in srgb, currentColor 45%, transparent); }
        .figure { overflow-x: auto; margin: 1rem 0; }
        .note { max-width: 46rem; opacity: .8; }
        """;

    public static string Of(Explanation explanation)
    {
        var title = $"What {explanation.Model} learned";
        var body = new XElement("body", new XElement("h1", XmlText.Clean(title)));
        if (explanation.Label is { } label)
        {
            body.Add(new XElement("p", XmlText.Clean($"The model predicts {label}.")));
        }

        body.Add(Crosses(explanation));
        if (explanation.Cuts.Count > 0)
        {
            body.Add(Cuts(explanation));
        }

        if (explanation.Importance is { } importance)
        {
            body.Add(Importance(explanation, importance));
        }

        body.Add(Rows(explanation));
        var page = new XElement(
            "html",
            new XAttribute("lang", "en"),
            new XElement(
                "head",
                new XElement("meta", new XAttribute("charset", "utf-8")),
                new XElement("meta", new XAttribute("name", "viewport"), new XAttribute("content", "width=device-width, initial-scale=1")),
                new XElement("title", XmlText.Clean(title)),
                new XElement("style", Style)),
            body);
        return "<!DOCTYPE html>\n" + page.ToString(SaveOptions.DisableFormatting) + "\n";
    }

    private static IEnumerable<XElement> Crosses(Explanation explanation)
    {
        yield return new XElement("h2", "Crosses");
        if (explanation.Crosses is not { } crosses)
        {
            yield return Note("The network has no cross layers, or its bundle keeps no crosses.json: there are no crosses to show.");
            yield break;
        }

        yield return Note(
            $"How strongly the cross layers multiply fields with each other: {(explanation.Norm == BlockNorm.Frobenius ? "the Frobenius norm of the weights between two fields" : "the root mean square of the weights between two fields")}. "
            + "Weights tell what is multiplied, not how much comes of it; importance and contributions look at predictions.");
        foreach (var picture in CrossPicture.Elements(crosses, explanation.Norm))
        {
            yield return new XElement("div", new XAttribute("class", "figure"), picture);
        }

        var pairs = crosses.StrongestPairs(layer: null, explanation.Norm);
        yield return new XElement("h3", "Strongest pairs");
        yield return Table(
            [("field", false), ("field", false), ("strength", true), ("", false)],
            pairs.Take(ShownPairs).Select(pair => (XElement[])
                [Text(pair.First), Text(pair.Second), Number(FormattableString.Invariant($"{pair.Strength:G4}")), Bar(pair.Strength, pairs[0].Strength, isSigned: false)]));
    }

    private static IEnumerable<XElement> Cuts(Explanation explanation)
    {
        yield return new XElement("h2", "Numbers");
        yield return Note("Where a decision tree on the label cuts each number into bins. A number with one bin tells the label nothing by itself, or as much everywhere.");
        yield return Table(
            [("number", false), ("from", true), ("cuts", false), ("to", true), ("missing", false)],
            explanation.Cuts.Select(number => (XElement[])
            [
                Text(number.Column), Number(ExplanationTables.Short(number.Least)), Text(string.Join("  ", number.Cuts.Select(ExplanationTables.Short))),
                Number(ExplanationTables.Short(number.Greatest)), Text(number.MarksMissing ? "marked" : "as the mean"),
            ]));
    }

    private static IEnumerable<XElement> Importance(Explanation explanation, PermutationImportance importance)
    {
        yield return new XElement("h2", "Importance");
        yield return Note(
            $"How much worse predictions for {explanation.MeasuredRows:N0} rows get when a feature's values are dealt to other rows: mean ± deviation over the shuffles. Untouched: "
            + string.Join(", ", importance.Metrics.Select((metric, i) => FormattableString.Invariant($"{metric.Name} {importance.Baseline[i]:F4}"))) + ". Features that say the same hide each other's importance.");
        var sorted = explanation.ByImportance;
        var max = sorted.Max(feature => Math.Abs(feature.Scores[0].Mean));
        var isSigned = sorted.Any(feature => feature.Scores[0].Mean < 0);
        yield return Table(
            [("feature", false), .. importance.Metrics.Select(metric => ($"{metric.Name} worse by", true)), ("", false)],
            sorted.Select(feature => (XElement[])
            [
                Text(feature.Feature.Name),
                .. feature.Scores.Select(fall => Number(FormattableString.Invariant($"{fall.Mean:F4} ± {fall.StandardDeviation:F4}"))),
                Bar(feature.Scores[0].Mean, max, isSigned),
            ]));
    }

    private static IEnumerable<XElement> Rows(Explanation explanation)
    {
        if (explanation.Rows.Count > 0)
        {
            yield return new XElement("h2", "Single predictions");
            yield return Note(
                $"What each value adds to the mean prediction for {explanation.BackgroundRows:N0} background rows (Shapley values; they add up to the prediction). "
                + "Where ± is given, the values were sampled.");
        }

        foreach (var row in explanation.Rows)
        {
            var whole = row.Contributions;
            yield return new XElement("h3", FormattableString.Invariant($"Row {row.Number}: {whole.Prediction:F4}"));
            yield return Note(FormattableString.Invariant($"{whole.Baseline:F4} on average, {whole.Prediction - whole.Baseline:+0.0000;-0.0000;0.0000} by what the row is."));
            var max = whole.Features.Max(share => Math.Abs(share.Value));
            yield return Table(
                [("feature", false), ("value", false), ("adds", true), ("", false)],
                row.ByMagnitude.Select(one => (XElement[])
                [
                    Text(one.Share.Feature.Name),
                    Text(one.Value, "value"),
                    Number(FormattableString.Invariant($"{one.Share.Value:+0.0000;-0.0000;0.0000}{(one.Share.StandardError > 0 ? FormattableString.Invariant($" ± {one.Share.StandardError:F4}") : "")}")),
                    Bar(one.Share.Value, max, isSigned: true),
                ]));
        }
    }

    private static XElement Note(string text) => new("p", new XAttribute("class", "note"), XmlText.Clean(text));

    private static XElement Table(IEnumerable<(string Title, bool IsNumber)> headings, IEnumerable<XElement[]> rows) => new(
        "table",
        new XElement("thead", new XElement("tr", headings.Select(heading =>
            new XElement("th", new XAttribute("scope", "col"), heading.IsNumber ? new XAttribute("class", "number") : null, heading.Title)))),
        new XElement("tbody", rows.Select(row => new XElement("tr", row))));

    private static XElement Text(string text, string? kind = null) => new("td", kind is null ? null : new XAttribute("class", kind), XmlText.Clean(text));

    private static XElement Number(string text) => new("td", new XAttribute("class", "number"), text);

    // The number stands beside it: for a reader's ears the bar is nothing.
    private static XElement Bar(double value, double max, bool isSigned)
    {
        var share = max > 0 && double.IsFinite(value) ? Math.Abs(value) / max * (isSigned ? 50 : 100) : 0;
        var start = !isSigned ? 0 : value < 0 ? 50 - share : 50;
        return new XElement(
            "td",
            new XAttribute("class", "bar"),
            new XAttribute("aria-hidden", "true"),
            new XElement(
                "div",
                new XAttribute("class", "track"),
                new XElement(
                    "span",
                    new XAttribute("class", value < 0 ? "down" : "up"),
                    new XAttribute("style", FormattableString.Invariant($"left: {start:0.#}%; width: {share:0.#}%")),
                    ""),
                isSigned ? new XElement("span", new XAttribute("class", "middle"), new XAttribute("style", "left: 50%"), "") : null));
    }
}
