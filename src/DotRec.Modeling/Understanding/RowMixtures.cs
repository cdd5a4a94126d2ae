using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>Fills a mixture: marks the features whose values are the explained row's and returns the background row that the others come from.</summary>
internal delegate int FillMixture(int mixture, Span<bool> taken);

/// <summary>Predicts rows that are mixed of an explained row's values and a background row's.</summary>
internal sealed class RowMixtures
{
    // Rows a model call: enough to hide the call, few enough to keep memory small.
    private const int BlockRows = 8192;

    private readonly Func<FeatureBatch, float[]> _predict;
    private readonly FeatureBatch _rows;
    private readonly IReadOnlyList<FeatureGroup> _features;
    private readonly CancellationToken _cancellation;

    public RowMixtures(
        Func<FeatureBatch, float[]> predict, FeatureBatch row, FeatureBatch background, IReadOnlyList<FeatureGroup> features, float[] baselines, CancellationToken cancellation)
    {
        (_predict, _features, Baselines, _cancellation) = (predict, features, baselines, cancellation);
        _rows = FeatureBatch.Concatenate(background, row);
        Prediction = FeatureGroup.Checked(predict(row), 1)[0];
    }

    public int FeatureCount => _features.Count;

    public int BackgroundCount => Baselines.Length;

    /// <summary>The predictions of the background rows.</summary>
    public float[] Baselines { get; }

    /// <summary>The prediction of the explained row.</summary>
    public double Prediction { get; }

    public float[] Predict(int count, FillMixture fill)
    {
        var predictions = new float[count];
        var taken = new bool[FeatureCount];
        for (var start = 0; start < count; start += BlockRows)
        {
            _cancellation.ThrowIfCancellationRequested();
            var size = Math.Min(BlockRows, count - start);
            var sources = _features.Select(_ => new int[size]).ToArray();
            for (var i = 0; i < size; i++)
            {
                var background = fill(start + i, taken);
                for (var feature = 0; feature < taken.Length; feature++)
                {
                    sources[feature][i] = taken[feature] ? BackgroundCount : background;
                }
            }

            var block = new FeatureBatch([.. _features.SelectMany((feature, i) => feature.Columns.Select(column => _rows[column].Select(sources[i])))]);
            FeatureGroup.Checked(_predict(block), size).CopyTo(predictions, start);
        }

        return predictions;
    }
}
