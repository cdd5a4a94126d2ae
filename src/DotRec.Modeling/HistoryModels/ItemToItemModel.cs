using DotRec.Indexing;

namespace DotRec.Modeling;

/// <summary>
/// A model of weights from item to item: the score of item j after a history is Σ decay^age · W[item, j] over the items of the history, the last one of age
/// 0. Items that no weight leads to stand in the order of their popularity, behind those with a positive score.
/// </summary>
public abstract class ItemToItemModel : HistoryModel
{
    private const int LongestHistory = 1000;

    // Items so old that they weigh less are not looked at.
    private const double LeastWeight = 1e-3;

    // Far below what weights differ by, far above what float32 loses of them.
    private const double PopularityShare = 1e-4;
    private ItemWeights? _weights;
    private float[]? _popularity;

    /// <summary>How much an item of a history counts for each step that it is older, above 0 and at most 1; 1 for histories without order.</summary>
    public double Decay
    {
        get;
        init => field = value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(Decay)} is a factor a step, above 0 and at most 1.");
    } = 1;

    /// <summary>How many weights of an item are kept, those of greatest magnitude. 300 by default: more change nothing that is measured.</summary>
    public int Neighbours
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(Neighbours)} is at least 1.");
    } = 300;

    /// <summary>How many items of a history are looked at, the newest ones: older ones weigh less than a thousandth; a thousand at most.</summary>
    public int HistoryLength => Decay == 1 ? LongestHistory : Math.Min(LongestHistory, 1 + (int)Math.Ceiling(Math.Log(LeastWeight) / Math.Log(Decay)));

    /// <summary>The weights.</summary>
    /// <exception cref="InvalidOperationException">The model was not fit.</exception>
    internal ItemWeights Weights => _weights ?? throw new InvalidOperationException($"The model was not fit. Call {nameof(Fit)} first.");

    /// <summary>What popularity adds to the scores.</summary>
    internal ReadOnlySpan<float> Popularity => _popularity;

    /// <summary>The weights as an index: the query is the history as a sparse vector, an item's row what leads to it.</summary>
    /// <param name="ids">The items' ids, by catalogue row.</param>
    /// <exception cref="InvalidOperationException">The model was not fit.</exception>
    /// <exception cref="ArgumentException">There are more or fewer ids than items.</exception>
    public SparseIndex ToIndex(ItemIds ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var weights = Weights;
        return SparseIndex.Build(weights.Offsets, weights.Items, weights.Values, ids, _popularity);
    }

    /// <inheritdoc/>
    internal override void Score(ReadOnlySpan<int> history, Span<float> scores)
    {
        var weights = Weights;
        scores.Clear();
        var weight = 1.0;
        for (var age = 0; age < history.Length && age < HistoryLength; age++)
        {
            weights.AddRow(history[^(age + 1)], (float)weight, scores);
            weight *= Decay;
        }

        System.Numerics.Tensors.TensorPrimitives.Add(scores, Popularity, scores);
    }

    /// <inheritdoc/>
    private protected sealed override void Learn(Histories histories, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        _weights = null;
        var weights = LearnWeights(histories, progress, cancellationToken);
        _popularity = Shares(histories.CountItems(), weights.MeanMagnitude is > 0 and var scale ? scale * PopularityShare : 1);
        _weights = weights;
    }

    /// <summary>The weights, learned from histories.</summary>
    private protected abstract ItemWeights LearnWeights(Histories histories, IProgress<double>? progress, CancellationToken cancellationToken);

    private static float[] Shares(int[] counts, double scale)
    {
        double most = Math.Max(1, counts.Max());
        return Array.ConvertAll(counts, count => (float)(scale * count / most));
    }
}
