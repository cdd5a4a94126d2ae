using DotRec.Data;
using DotRec.Pipelines;

namespace DotRec.Benchmarks;

/// <summary>What <c>dotrec train --task ranking --data train --test test</c> does between reading the files and saving the bundle, default options throughout.</summary>
internal static class NoCodeModels
{
    /// <summary>The networks that are compared; the last is the baseline that the tool shows too.</summary>
    public static readonly string[] Networks = [RankingSettings.CrossNetwork, RankingSettings.Dlrm, RankingSettings.WideAndDeep, RankingSettings.Mlp, RankingSettings.Logistic];

    /// <summary>Reads both files as the tool does: types and kinds of columns are those of the training file.</summary>
    public static async Task<RankingData> ReadAsync(string train, string test, string label)
    {
        var notes = new PipelineNotes(progress: null);
        var rows = await DataSource.ReadAsync(train, new CsvOptions(), notes, CancellationToken.None);
        string[] features = [.. rows.Columns.Select(column => column.Name).Where(name => name != label)];
        var columns = RankingTable.Columns(Path.GetFileName(train), rows, features, new Dictionary<string, FeatureKind>());
        var held = await RankerTable.ReadAsync(test, RankingTable.TestTypes(rows, columns, label), new CsvOptions(), notes, CancellationToken.None);
        return RankingTable.Prepare(Path.GetFileName(train), rows, columns, held, label, positive: null, RankingSettings.AutoLoss, notes);
    }

    /// <summary>What training is stopped by; FFM's settings are chosen on it too.</summary>
    public static HoldOut Validation(double fraction) => new(HoldOut.Random, fraction, "", "");

    public static RankingRun Run(RankingData data, string network, HoldOut validation, ulong seed) =>
        new RankingExperiment(data, new RankingSettings { Network = network }, validation, validation) { MeasuresRegression = false }.Run(seed, progress: null, CancellationToken.None);
}
