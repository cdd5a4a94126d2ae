using DotRec.Data;
using DotRec.Serving;

namespace DotRec.Cli;

/// <summary>Asks a ranker for the scores of a table, block by block.</summary>
internal static class RankerScores
{
    private const int BlockRows = 8192;

    public static float[] Compute(Ranker ranker, FeatureBatch data, IProgress<long> progress, CancellationToken cancellation)
    {
        var scores = new float[data.RowCount];
        for (var start = 0; start < scores.Length; start += BlockRows)
        {
            cancellation.ThrowIfCancellationRequested();
            var block = data.Slice(start, Math.Min(BlockRows, scores.Length - start));
            var columns = ranker.Features.ToDictionary(feature => feature.Name, feature => Values(block[feature.Name]), StringComparer.Ordinal);
            ranker.Predict(columns).CopyTo(scores, start);
            progress.Report(start + block.RowCount);
        }

        return scores;
    }

    private static Array Values(Column column) => column switch
    {
        Column<string> texts => Values(texts),
        Column<long> integers => Values(integers),
        Column<double> numbers => Values(numbers),
        _ => Values((Column<float>)column),
    };

    private static Array Values<T>(Column<T> column)
        where T : notnull =>
        column.Schema.IsJagged ? Enumerable.Range(0, column.RowCount).Select(row => column.Row(row).ToArray()).ToArray() : column.Values.ToArray();
}
