using System.Text.Json.Nodes;
using DotRec.Modeling;
using DotRec.Serving;

namespace DotRec.Pipelines;

/// <summary>Makes the bundle of a trained ranking model: its graph, what a score means, the figures of its test and the coding of its label.</summary>
internal static class RankerFactory
{
    private const string LabelFact = "label";
    private const string LabelMeanFact = "labelMean";

    public static Ranker Create(RankingRun run, RankingData data, RankingPipelineOptions options) => new(run.Model.Export(), new RankerOptions
    {
        LabelColumn = data.Label.Column,
        Score = data.Label.IsBinary ? ScoreMeaning.Probability : ScoreMeaning.Rating,
        Metrics = (run.Test?.Metrics ?? new Dictionary<string, double>(StringComparer.Ordinal)).Where(metric => double.IsFinite(metric.Value)).ToDictionary(metric => "test." + metric.Key, metric => metric.Value, StringComparer.Ordinal),
        Facts = new JsonObject([NumberCuts.ToFact(NumberCuts.Of(run.Model.Network))])
        {
            ["data"] = data.Name,
            [LabelFact] = data.Label.ToJson(),
            [LabelMeanFact] = run.LabelMean,
            ["settings"] = run.Trial.Settings.ToJson(),
            ["seed"] = options.Seed,
            ["epochs"] = run.Fit.BestEpoch,
            ["trainingRows"] = run.Split.Train.RowCount,
        },
        ExtraFiles = CrossesOf(run.Model.Network),
    });

    // What the cross layers learned, for dotrec explain.
    private static Dictionary<string, ReadOnlyMemory<byte>> CrossesOf(RankingNetwork network) => CrossWeights.Of(network) is { } crosses
        ? new(StringComparer.Ordinal) { [CrossWeights.FileName] = crosses.ToBytes() }
        : new(StringComparer.Ordinal);

    /// <summary>The mean label of the rows that the model was not tested on; null where the bundle does not say.</summary>
    public static double? LabelMeanOf(Ranker ranker) => ranker.Options.Facts?[LabelMeanFact] is JsonValue mean && mean.TryGetValue(out double value) && double.IsFinite(value) ? value : null;

    /// <summary>How the labels of a ranker's data are coded.</summary>
    /// <exception cref="ArgumentException">The bundle does not say.</exception>
    public static LabelCoding LabelOf(Ranker ranker) => (ranker.Options.Facts?[LabelFact], ranker.Options) switch
    {
        (JsonObject fact, _) => LabelCoding.FromJson(fact),
        (_, { LabelColumn: { } column, Score: ScoreMeaning.Probability }) => new LabelCoding(column, "1", "0"),
        (_, { LabelColumn: { } column }) => new LabelCoding(column, Positive: null, Negative: null),
        _ => throw new ArgumentException("The bundle does not tell which column its model predicts, so nothing can be compared with its scores."),
    };
}
