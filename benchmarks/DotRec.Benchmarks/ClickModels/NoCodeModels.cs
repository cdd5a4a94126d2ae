using DotRec.Pipelines;

namespace DotRec.Benchmarks;

/// <summary>What <c>dotrec train --task ranking --data train --test test</c> does between reading the files and saving the bundle, default options throughout.</summary>
internal static class NoCodeModels
{
    /// <summary>The networks that are compared, the tool's own choice first; the last is the baseline that the tool shows too.</summary>
    public static readonly RankingNetworkKind[] Networks =
        [RankingNetworkKind.Auto, RankingNetworkKind.DeepCross, RankingNetworkKind.FieldAware, RankingNetworkKind.Dlrm, RankingNetworkKind.WideAndDeep, RankingNetworkKind.Mlp, RankingNetworkKind.Logistic];

    /// <summary>Reads both files as the tool does: types and kinds of columns are those of the training file.</summary>
    public static Task<RankingData> ReadAsync(string train, string test, string label) =>
        new RankingPipeline(new RankingPipelineOptions { Label = label }).ReadAsync(train, test);

    /// <summary>What training is stopped by; FFM's settings are chosen on it too.</summary>
    public static HoldOut Validation(double fraction) => HoldOut.Random(fraction);

    public static RankingRun Run(RankingData data, RankingNetworkKind network, HoldOut validation, ulong seed) =>
        new RankingExperiment(data, new RankingPipelineOptions
        {
            Label = data.Label.Column,
            Settings = new RankingSettings { Network = network },
            Test = validation,
            ValidationFraction = validation.Fraction,
            Seed = seed,
            MeasureRegression = false,
        }).Run(new PipelineNotes(progress: null), CancellationToken.None);
}
