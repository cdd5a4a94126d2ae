using DotRec.Data;
using DotRec.Kernels;
using DotRec.Modeling;
using DotRec.Pipelines;
using DotRec.Serving;

namespace DotRec.Cli;

/// <summary>Explains a ranker's predictions for rows of a file.</summary>
internal sealed class RankerExplanation(Ranker ranker, FeatureBatch data, string path, IReadOnlyList<FeatureGroup> features, ulong seed)
{
    /// <summary>Importance on at most so many rows, drawn at random.</summary>
    public async Task<(PermutationImportance Importance, int Rows)> MeasureAsync(LabelCoding label, int mostRows, int repeats, CancellationToken cancellation)
    {
        if (!data.TryGet(label.Column, out var truth))
        {
            throw new UserException($"{path} has no column '{label.Column}' of labels. Its columns are: {string.Join(", ", data.Schema)}. Name it with --label.");
        }

        var rows = Sample(mostRows, stream: 0);
        var measured = data.SelectColumns([.. features.SelectMany(feature => feature.Columns)]).Select(rows);
        var metrics = Metrics(((Column<float>)label.Encode(truth, path).Select(rows)).Values.ToArray());
        var importance = await ProgressBar.RunAsync("measuring importance", 1 + ((double)features.Count * repeats), progress => Task.Run(
            () => PermutationImportance.Of(batch => Predict(batch, cancellation), measured, features, metrics, repeats, seed, progress, cancellation), cancellation));
        return (importance, rows.Length);
    }

    /// <summary>Contributions to the predictions for rows, numbered from 1 on, against at most so many rows drawn at random.</summary>
    public (IReadOnlyList<ExplainedRow> Rows, int Background) Explain(IReadOnlyList<int> numbers, int mostBackground, CancellationToken cancellation)
    {
        foreach (var number in numbers.Where(number => number < 1 || number > data.RowCount))
        {
            throw new UserException($"--row is {number}; {path} has the rows 1 to {data.RowCount}.");
        }

        var background = data.Select(Sample(mostBackground, stream: 1));
        var chosen = data.Select([.. numbers.Select(number => number - 1)]);
        var contributions = ShapleyValues.Of(batch => Predict(batch, cancellation), chosen, background, features, new ShapleyOptions { Seed = seed }, cancellation);
        return ([.. contributions.Select((one, i) => new ExplainedRow(
            numbers[i], one, [.. features.Select(feature => string.Join(", ", feature.Columns.Select(column => ListField.Join(chosen[column], i))))]))], background.RowCount);
    }

    private PredictionMetric[] Metrics(float[] labels) => ranker.Options.Score switch
    {
        ScoreMeaning.Probability => [PredictionMetric.LogLoss(labels), PredictionMetric.Auc(labels)],
        ScoreMeaning.Rating => [PredictionMetric.Rmse(labels), PredictionMetric.Mae(labels)],
        _ => throw new UserException(
            "The scores of this bundle are an order within a query's items and no more: they cannot be compared with labels row by row. Leave --label out and explain rows with --row."),
    };

    private float[] Predict(FeatureBatch rows, CancellationToken cancellation) => RankerScores.Compute(ranker, rows, new PipelineNotes(progress: null), cancellation);

    // In the file's order, so that a sample of everything is the file.
    private int[] Sample(int count, ulong stream)
    {
        var rows = Enumerable.Range(0, data.RowCount).ToArray();
        if (count >= rows.Length)
        {
            return rows;
        }

        new SeededRandom(seed).Stream(stream).Shuffle(rows.AsSpan());
        return [.. rows.Take(count).Order()];
    }
}
