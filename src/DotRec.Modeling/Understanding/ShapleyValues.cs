using DotRec.Data;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// Shapley values of a prediction (Štrumbelj and Kononenko, 2014; Lundberg and Lee, 2017, arXiv 1705.07874): a feature's share is what its value
/// changes, averaged over all orders in which a background row's values can be replaced by the explained row's, and over background rows.
/// </summary>
/// <remarks>
/// <para>
/// Always: contributions add up to the prediction minus the mean prediction of the background, exact and sampled alike. A feature
/// that the model does not read gets 0. For a linear model, weight times distance from the background's mean. Features that the model treats alike and that
/// have like values get like shares (sampled: within the standard error).
/// </para>
/// <para>
/// Features are replaced one by one whether or not such a row could exist (interventional values): this explains the model, not the world.
/// Contributions are in units of the prediction; give a function that returns log-odds to have them in log-odds.
/// </para>
/// <para>
/// Cost a row, n features and B background rows: exact, 2ⁿ · B predictions; sampled, orders · (n − 1). In batches of thousands of rows.
/// </para>
/// </remarks>
public static class ShapleyValues
{
    /// <summary>Explains rows.</summary>
    /// <param name="predict">The model: a prediction a row.</param>
    /// <param name="rows">Rows to explain. Of these and of the background, only columns of <paramref name="features"/> reach the model.</param>
    /// <param name="background">What to compare with: rows as the model usually meets them; some 50 to 200 will do.</param>
    /// <param name="features">All columns the model reads, those that belong together in one feature.</param>
    /// <param name="options">The defaults when null.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="ArgumentException">A column is missing, of different types or in two features, or there is no feature or background row.</exception>
    public static IReadOnlyList<Contributions> Of(
        Func<FeatureBatch, float[]> predict,
        FeatureBatch rows,
        FeatureBatch background,
        IReadOnlyList<FeatureGroup> features,
        ShapleyOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predict);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(background);
        ArgumentNullException.ThrowIfNull(features);
        FeatureGroup.Check(features, rows);
        FeatureGroup.Check(features, background);
        if (background.RowCount == 0)
        {
            throw new ArgumentException("There is no background row to compare with.", nameof(background));
        }

        options ??= new ShapleyOptions();
        string[] columns = [.. features.SelectMany(feature => feature.Columns)];
        var others = background.SelectColumns(columns);
        var baselines = FeatureGroup.Checked(predict(others), others.RowCount);
        var explained = new List<Contributions>(rows.RowCount);
        for (var row = 0; row < rows.RowCount; row++)
        {
            var mixtures = new RowMixtures(predict, rows.Slice(row, 1).SelectColumns(columns), others, features, baselines, cancellationToken);
            var shares = features.Count <= options.ExactUpTo ? Exact(mixtures) : Sampled(mixtures, options);
            explained.Add(new Contributions(mixtures.Prediction, baselines.Average(value => (double)value), [.. features.Zip(shares, (feature, share) => new Contribution(feature, share.Value, share.Error))]));
        }

        return explained;
    }

    private static (double Value, double Error)[] Exact(RowMixtures mixtures)
    {
        var (n, backgrounds) = (mixtures.FeatureCount, mixtures.BackgroundCount);
        var all = (1 << n) - 1;
        var between = mixtures.Predict((all - 1) * backgrounds, (mixture, taken) =>
        {
            var coalition = 1 + (mixture / backgrounds);
            for (var feature = 0; feature < n; feature++)
            {
                taken[feature] = (coalition >> feature & 1) == 1;
            }

            return mixture % backgrounds;
        });
        var worth = new double[all + 1];
        worth[0] = mixtures.Baselines.Average(value => (double)value);
        worth[all] = mixtures.Prediction;
        for (var coalition = 1; coalition < all; coalition++)
        {
            worth[coalition] = between.Skip((coalition - 1) * backgrounds).Take(backgrounds).Average(value => (double)value);
        }

        // The share of the orders in which exactly the s features of a coalition come before a given one: 1 / (n · (n − 1 over s)).
        var weights = new double[n];
        weights[0] = 1.0 / n;
        for (var s = 1; s < n; s++)
        {
            weights[s] = weights[s - 1] * s / (n - s);
        }

        var shares = new (double Value, double Error)[n];
        for (var feature = 0; feature < n; feature++)
        {
            for (var coalition = 0; coalition <= all; coalition++)
            {
                if ((coalition >> feature & 1) == 0)
                {
                    shares[feature].Value += weights[System.Numerics.BitOperations.PopCount((uint)coalition)] * (worth[coalition | 1 << feature] - worth[coalition]);
                }
            }
        }

        return shares;
    }

    /// <summary>
    /// Each order is a path from a background row to the explained one, and what the steps change adds up to the whole difference. Orders come in
    /// pairs with their reverse, which cancels much of the noise, and every background row begins equally many.
    /// </summary>
    private static (double Value, double Error)[] Sampled(RowMixtures mixtures, ShapleyOptions options)
    {
        var (n, backgrounds) = (mixtures.FeatureCount, mixtures.BackgroundCount);
        var pairs = backgrounds * Math.Max(backgrounds == 1 ? 2 : 1, (options.Orders + (2 * backgrounds) - 1) / (2 * backgrounds));
        var random = new SeededRandom(options.Seed);
        var positions = new int[pairs][];
        for (var pair = 0; pair < pairs; pair++)
        {
            positions[pair] = [.. Enumerable.Range(0, n)];
            random.Shuffle(positions[pair].AsSpan());
        }

        var steps = n - 1;
        var between = mixtures.Predict(checked(2 * pairs * steps), (mixture, taken) =>
        {
            var (path, step) = (mixture / steps, 1 + (mixture % steps));
            for (var feature = 0; feature < n; feature++)
            {
                var position = positions[path / 2][feature];
                taken[feature] = (path % 2 == 0 ? position : n - 1 - position) < step;
            }

            return path / 2 % backgrounds;
        });

        var shares = new (double Value, double Error)[n];
        for (var feature = 0; feature < n; feature++)
        {
            double sum = 0, squares = 0;
            for (var pair = 0; pair < pairs; pair++)
            {
                var position = positions[pair][feature];
                var change = (Change(2 * pair, position) + Change((2 * pair) + 1, n - 1 - position)) / 2;
                sum += change;
                squares += change * change;
            }

            var mean = sum / pairs;
            shares[feature] = (mean, Math.Sqrt(Math.Max(0, squares - (sum * mean)) / (pairs - 1) / pairs));
        }

        return shares;

        double Change(int path, int position) => At(path, position + 1) - At(path, position);

        double At(int path, int taken) => taken == 0 ? mixtures.Baselines[path / 2 % backgrounds]
            : taken == n ? mixtures.Prediction
            : between[(path * steps) + taken - 1];
    }
}
