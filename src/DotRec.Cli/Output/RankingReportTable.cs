using System.Text.Json.Nodes;
using DotRec.Modeling;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary>The figures of ranking models, a line each: as a table and as JSON.</summary>
internal static class RankingReportTable
{
    public static void Print(string title, IEnumerable<(string Name, BinaryMetrics? Binary, RatingMetrics? Rating)> results)
    {
        var rows = results.ToArray();
        if (Array.Exists(rows, row => row.Binary is not null))
        {
            Terminal.Table([title, "AUC", "log loss", "accuracy", "calibration"], rows.Where(row => row.Binary is not null).Select(row => (string[])
                [row.Name, Text(row.Binary!.Auc), Text(row.Binary.LogLoss), Text(row.Binary.Accuracy), Text(row.Binary.Calibration)]));
        }
        else
        {
            Terminal.Table([title, "RMSE", "MAE", "mean prediction", "mean label"], rows.Select(row => (string[])
                [row.Name, Text(row.Rating!.Rmse), Text(row.Rating.Mae), Text(row.Rating.PredictionMean), Text(row.Rating.LabelMean)]));
        }
    }

    /// <summary>How well the rows of each query are ordered.</summary>
    public static void Print(QueryMetrics metrics, string query)
    {
        var ks = metrics.Ndcg.Keys.Order().ToArray();
        Terminal.Table(
            [$"order of the rows of each {query}", .. ks.Select(k => $"NDCG@{k}"), "MRR", "MAP", "AUC"],
            [["model", .. ks.Select(k => Text(metrics.Ndcg[k])), Text(metrics.ReciprocalRank), Text(metrics.AveragePrecision), Text(metrics.Auc)]]);
        if (metrics.UniformCount > 0)
        {
            Terminal.Note(FormattableString.Invariant($"{metrics.UniformCount:N0} of {metrics.QueryCount:N0} different {query} have one row, or one label in all rows: any order of these is right, so they are left out."));
        }
    }

    /// <summary>What is said of a network that the regression beats on the test rows: a sentence; null where it does not.</summary>
    public static string? LossToRegression(RankingResult result)
    {
        if (!result.IsBehindRegression)
        {
            return null;
        }

        var (name, network, regression) = result.Evaluation.HasBinary
            ? ("log loss", result.Evaluation.Binary.LogLoss, result.Regression!.Binary.LogLoss)
            : ("RMSE", result.Evaluation.Rating.Rmse, result.Regression!.Rating.Rmse);
        return FormattableString.Invariant(
            $"this network loses to the regression: its {name} is {network:0.0000##}, that of the regression {regression:0.0000##}. --model logistic trains the regression itself.");
    }

    /// <summary>The figures of a model.</summary>
    public static JsonObject Json(RankingEvaluation evaluation)
    {
        var figures = Json(evaluation.BinaryOrNull(), evaluation.RatingOrNull());
        if (evaluation.HasQueries)
        {
            var queries = evaluation.Queries;
            figures["queries"] = new JsonObject
            {
                ["ndcg"] = new JsonObject(queries.Ndcg.Keys.Order().Select(k => KeyValuePair.Create(FormattableString.Invariant($"{k}"), Number(queries.Ndcg[k])))),
                ["mrr"] = Number(queries.ReciprocalRank),
                ["map"] = Number(queries.AveragePrecision),
                ["auc"] = Number(queries.Auc),
            };
        }

        return figures;
    }

    /// <summary>The figures of probabilities, or null.</summary>
    public static BinaryMetrics? BinaryOrNull(this RankingEvaluation evaluation) => evaluation.HasBinary ? evaluation.Binary : null;

    /// <summary>The figures of numbers, or null.</summary>
    public static RatingMetrics? RatingOrNull(this RankingEvaluation evaluation) => evaluation.HasRating ? evaluation.Rating : null;

    /// <summary>Figures that are not defined (the AUC of one class) are null.</summary>
    public static JsonObject Json(BinaryMetrics? binary, RatingMetrics? rating) => binary is not null
        ? new JsonObject
        {
            ["auc"] = Number(binary.Auc),
            ["logLoss"] = Number(binary.LogLoss),
            ["accuracy"] = Number(binary.Accuracy),
            ["calibration"] = Number(binary.Calibration),
            ["labelMean"] = Number(binary.LabelMean),
        }
        : new JsonObject { ["rmse"] = Number(rating!.Rmse), ["mae"] = Number(rating.Mae), ["predictionMean"] = Number(rating.PredictionMean), ["labelMean"] = Number(rating.LabelMean) };

    private static string Text(double value) => double.IsFinite(value) ? FormattableString.Invariant($"{value:0.0000}") : "–";

    private static JsonNode? Number(double value) => double.IsFinite(value) ? value : null;
}
