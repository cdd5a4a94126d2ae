namespace DotRec.Modeling;

/// <summary>
/// Two models as one: the sum of their scores, each brought to mean 0 and deviation 1 over the items of a query first. Models of different kinds, such as a history network and the
/// linear item transition, err differently, so that their sum is better than either.
/// </summary>
public sealed class BlendModel : HistoryModel
{
    /// <summary>The weights that a choice tries.</summary>
    internal static readonly double[] Weights = [0, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10];

    /// <summary>A blend of models, fit or not.</summary>
    /// <param name="first">Counts once.</param>
    /// <param name="second">Counts by <see cref="Weight"/>.</param>
    public BlendModel(HistoryModel first, HistoryModel second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        (First, Second) = (first, second);
        if (first.IsFit && second.IsFit)
        {
            MarkFit(first.ItemCount == second.ItemCount ? first.ItemCount : throw new ArgumentException(
                $"One model is of {first.ItemCount} items, the other of {second.ItemCount}.", nameof(second)));
        }
    }

    /// <summary>The model that counts once.</summary>
    public HistoryModel First { get; }

    /// <summary>The model that counts by <see cref="Weight"/>.</summary>
    public HistoryModel Second { get; }

    /// <summary>What the second model counts, at least 0. 0.3 by default.</summary>
    public double Weight
    {
        get;
        set => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(Weight)} is at least 0.");
    } = 0.3;

    /// <summary>Takes the weight that is best on examples that neither model was fit on: by NDCG at 10 without seen items, of a dozen weights from 0 to 10.</summary>
    /// <param name="validation">The examples; some thousand are enough.</param>
    /// <param name="cancellationToken">Checked between weights.</param>
    /// <returns>The best NDCG.</returns>
    public double ChooseWeight(NextItems validation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(validation);
        CheckCatalogue(validation);
        var (weight, best) = BlendScorer.Best(
            First.ScorerOf(validation, cancellationToken), Second.ScorerOf(validation, cancellationToken), Weights, validation, [10], report => report.ExcludingSeen.Ndcg[10], cancellationToken);
        Weight = weight;
        return best;
    }

    /// <inheritdoc/>
    internal override ItemScorer ScorerOf(NextItems examples, CancellationToken cancellationToken) =>
        new BlendScorer(First.ScorerOf(examples, cancellationToken), Second.ScorerOf(examples, cancellationToken), (float)Weight);

    /// <inheritdoc/>
    internal override void Score(ReadOnlySpan<int> history, Span<float> scores)
    {
        var others = new float[scores.Length];
        First.Score(history, scores);
        Second.Score(history, others);
        BlendScorer.Add(scores, others, (float)Weight);
    }

    /// <inheritdoc/>
    private protected override void Learn(Histories histories, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        First.Fit(histories, progress: null, cancellationToken);
        progress?.Report(0.5);
        Second.Fit(histories, progress: null, cancellationToken);
    }
}
