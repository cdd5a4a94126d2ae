using System.Numerics.Tensors;
using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>
/// EASE, "Embarrassingly Shallow Autoencoders for Sparse Data" (Steck, 2019): a linear item-to-item model in closed form, hard to beat on
/// small catalogues and therefore the yardstick of benchmarks. B = I − P · diag(1 / diag P), P = (XᵀX + λI)⁻¹.
/// </summary>
/// <remarks>Needs 8 N² bytes twice and about N³ operations in double precision for N items: a few seconds for 2,000 items, not meant for more than 10,000.</remarks>
public sealed class EaseBaseline
{
    private const int LargestCatalogue = 20_000;
    private readonly TrainingHistory _history;
    private readonly float[] _weights;

    /// <summary>Computes the weights.</summary>
    /// <param name="metric">The catalogue and the list lengths.</param>
    /// <param name="train">Training rows; a repeated (query, item) pair counts once.</param>
    /// <param name="queryIdColumn">Column that identifies a query (user).</param>
    /// <param name="regularization">λ, above 0.</param>
    /// <exception cref="ArgumentException">The catalogue is too large for a dense N × N model.</exception>
    public EaseBaseline(FactorizedTopK metric, FeatureBatch train, string queryIdColumn, double regularization = 500)
    {
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(regularization);
        if (metric.Items.RowCount > LargestCatalogue)
        {
            throw new ArgumentException($"EASE needs a dense matrix of items by items; {metric.Items.RowCount} items are more than {LargestCatalogue}.");
        }

        _history = new TrainingHistory(metric, train, queryIdColumn);
        _weights = Solve(_history.Seen, metric.Items.RowCount, regularization);
    }

    /// <summary>The metrics on held-out rows.</summary>
    public RankingReport Evaluate(FeatureBatch test, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(test);
        return _history.Rank(new Scorer(this, _history.Seen.QueriesOf(test[_history.QueryIdColumn])), test, default, cancellation);
    }

    private static float[] Solve(SeenItems seen, int items, double regularization)
    {
        var gram = new double[(long)items * items];
        for (var query = 0; query < seen.QueryCount; query++)
        {
            foreach (var row in seen.Of(query))
            {
                foreach (var column in seen.Of(query))
                {
                    gram[((long)row * items) + column]++;
                }
            }
        }

        for (var item = 0; item < items; item++)
        {
            gram[((long)item * items) + item] += regularization;
        }

        var inverse = SymmetricInverse.Of(gram, items);
        var weights = new float[inverse.Length];
        for (var row = 0; row < items; row++)
        {
            for (var column = 0; column < items; column++)
            {
                var at = ((long)row * items) + column;
                weights[at] = row == column ? 0 : (float)(-inverse[at] / inverse[((long)column * items) + column]);
            }
        }

        return weights;
    }

    private sealed class Scorer(EaseBaseline model, int[] queries) : ItemScorer
    {
        public override int ItemCount => model._history.Counts.Length;

        public override void Score(int first, int count, Span<float> scores)
        {
            for (var i = 0; i < count; i++)
            {
                var row = scores.Slice(i * ItemCount, ItemCount);
                row.Clear();
                foreach (var item in model._history.Seen.Of(queries[first + i]))
                {
                    TensorPrimitives.Add(row, model._weights.AsSpan(item * ItemCount, ItemCount), row);
                }
            }
        }
    }
}
