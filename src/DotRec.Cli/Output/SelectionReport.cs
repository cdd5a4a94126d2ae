using System.Text.Json.Nodes;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary>Which models were compared and why one was chosen: as a table and as JSON.</summary>
internal static class SelectionReport
{
    public static void Print(ModelSelection selection)
    {
        Terminal.Table(
            [FormattableString.Invariant($"on {selection.ValidationRowCount:N0} validation rows"), selection.Metric, "behind the best by", "seconds", "settings"],
            selection.Candidates.Select(candidate => (string[])
            [
                candidate.Name + (candidate == selection.Chosen ? " (chosen)" : ""),
                Interval(candidate.Figure, candidate.Interval),
                candidate.Behind is 0 ? "–" : Interval(candidate.Behind, candidate.BehindInterval),
                FormattableString.Invariant($"{candidate.Seconds:0.0}"),
                candidate.Problem ?? candidate.Settings,
            ]));
        Terminal.Say(FormattableString.Invariant(
            $"{selection.Reason} Compared in {selection.Spent.TotalSeconds:0.0} s{(selection.Budget is { } budget ? $" of {budget.TotalSeconds:N0} s" : "")}."));
    }

    public static JsonObject Json(ModelSelection selection) => new()
    {
        ["metric"] = selection.Metric,
        ["lessIsBetter"] = selection.LessIsBetter,
        ["validationRows"] = selection.ValidationRowCount,
        ["chosen"] = selection.Chosen.Name,
        ["reason"] = selection.Reason,
        ["budgetSeconds"] = selection.Budget?.TotalSeconds,
        ["seconds"] = selection.Spent.TotalSeconds,
        ["candidates"] = new JsonArray([.. selection.Candidates.Select(candidate => new JsonObject
        {
            ["name"] = candidate.Name,
            ["settings"] = candidate.Settings,
            ["figure"] = candidate.Figure,
            ["interval"] = candidate.Interval,
            ["behind"] = candidate.Behind,
            ["behindInterval"] = candidate.BehindInterval,
            ["seconds"] = candidate.Seconds,
            ["problem"] = candidate.Problem,
        })]),
    };

    private static string Interval(double? figure, double? half) => figure is { } value ? FormattableString.Invariant($"{value:0.0000} ± {half:0.0000}") : "–";
}
