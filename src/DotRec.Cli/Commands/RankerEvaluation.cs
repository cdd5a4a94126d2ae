using System.Text.Json.Nodes;
using DotRec.Data;
using DotRec.Modeling;
using DotRec.Pipelines;
using DotRec.Serving;

namespace DotRec.Cli;

/// <summary><c>dotrec evaluate</c> on the bundle of a ranking model: how far its scores are from the labels of a file.</summary>
internal static class RankerEvaluation
{
    public static async Task<JsonObject> RunAsync(string bundle, string path, CsvOptions layout, CancellationToken cancellation)
    {
        using var ranker = Ranker.Load(bundle);
        var label = RankerFactory.LabelOf(ranker);
        var rows = await RankerTable.ReadAsync(path, ranker.Features, layout, TerminalProgress.Notes(), cancellation);
        if (!rows.TryGet(label.Column, out var truth))
        {
            throw new UserException($"{path} has no column '{label.Column}' of labels. Its columns are: {string.Join(", ", rows.Schema)}.");
        }

        if (rows.RowCount == 0)
        {
            throw new UserException($"{path} has no rows to evaluate on.");
        }

        var labels = label.Encode(truth, path).Values.ToArray();
        var scores = await ProgressBar.RunAsync(
            "predicting", rows.RowCount, progress => Task.FromResult(RankerScores.Compute(ranker, rows, progress, cancellation)));
        var binary = label.IsBinary ? BinaryMetrics.Of(scores, labels) : null;
        var rating = label.IsBinary ? null : RatingMetrics.Of(scores, labels);
        RankingReportTable.Print($"on {rows.RowCount:N0} rows", [(label.IsBinary ? $"probability of '{label.Positive}'" : label.Column, binary, rating)]);
        return new JsonObject { ["command"] = "evaluate", ["rows"] = rows.RowCount, ["test"] = RankingReportTable.Json(binary, rating) };
    }
}
