using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// Bayesian personalized ranking (Rendle et al., 2009, "BPR: Bayesian Personalized Ranking from Implicit Feedback"): what a query chose scores above what it did not,
/// −log σ(score of a choice − score of another item), other items drawn uniformly.
/// </summary>
/// <remarks>
/// <para>A query's vector is not learned for it but made of its history, p = n^−½·Σ yⱼ over its n items, with vectors y that are learned beside those of the items
/// that are recommended (FISM: Kabbur et al., 2013, "Factored Item Similarity Models for Top-N Recommender Systems"); in training, without the item that is
/// predicted. So new queries and longer histories are answered as known ones are, by a sum, without fitting anything to them.</para>
/// <para>The order within histories does not matter, and repeats count once. Steps of some thousand choices are computed in parallel from the same vectors, then added
/// in order, each range of items by one thread: the same bits at any number of threads, where the usual lock-free threads write over each other. About 12·D
/// operations a choice and round.</para>
/// </remarks>
public sealed class BprModel : HistoryEmbeddingModel
{
    private float[]? _inputs;
    private float[]? _items;

    /// <summary>Width of the vectors, D. 64 by default.</summary>
    public int Dimension
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(Dimension)} is at least 1.");
    } = 64;

    /// <summary>How often each choice is learned from. 50 by default.</summary>
    public int Rounds
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(Rounds)} is at least 1.");
    } = 50;

    /// <summary>Size of the steps, above 0. 0.05 by default.</summary>
    public double LearningRate
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(LearningRate)} is above 0.");
    } = 0.05;

    /// <summary>λ: how strongly vectors are held at 0 with each choice they take part in, at least 0. 0.01 by default.</summary>
    public double Regularization
    {
        get;
        init => field = value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(Regularization)} is at least 0.");
    } = 0.01;

    /// <summary>Decides the vectors to begin with, the order of queries and the items that choices are compared with.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>The items' vectors with their popularity (a score for every query) as the last value, [N, D + 1]: scores are inner products with <see cref="Embed"/>.</summary>
    /// <exception cref="InvalidOperationException">The model was not fit.</exception>
    public override ReadOnlyMemory<float> ItemEmbeddings => Learned(_items);

    /// <inheritdoc/>
    public override int EmbeddingWidth => Dimension + 1;

    /// <inheritdoc/>
    public override int HistoryLength => LongestSet;

    /// <summary>The vector of a query that had some items, [D + 1], the last value 1: without items, popularity decides alone.</summary>
    /// <param name="history">Catalogue rows; may be empty.</param>
    /// <exception cref="InvalidOperationException">The model was not fit.</exception>
    public float[] Embed(ReadOnlySpan<int> history)
    {
        var inputs = Learned(_inputs);
        var vector = new float[Dimension + 1];
        var sum = vector.AsSpan(0, Dimension);
        var distinct = DistinctNewest(history);
        foreach (var item in distinct)
        {
            TensorPrimitives.Add(sum, inputs.AsSpan(item * Dimension, Dimension), sum);
        }

        TensorPrimitives.Multiply(sum, distinct.Length == 0 ? 0 : 1 / MathF.Sqrt(distinct.Length), sum);
        vector[Dimension] = 1;
        return vector;
    }

    /// <inheritdoc/>
    private protected override void Learn(Histories histories, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        (_inputs, _items) = (null, null);
        var run = new BprRun(histories.Distinct(), Dimension, (float)LearningRate, (float)Regularization, Seed);
        for (var round = 0; round < Rounds; round++)
        {
            run.RunRound(round, cancellationToken);
            progress?.Report((round + 1.0) / Rounds);
        }

        (_inputs, _items) = run.Finish();
    }

    /// <inheritdoc/>
    internal override void Score(ReadOnlySpan<int> history, Span<float> scores) => DotKernels.DotMany(Embed(history), Learned(_items), scores);

    /// <inheritdoc/>
    internal override float[] EmbedQueries(NextItems examples, CancellationToken cancellationToken) => EmbedEach(examples, history => Embed(history), cancellationToken);

    /// <inheritdoc/>
    private protected override HistoryGraph CreateGraph() => new BprExport(Learned(_inputs), Dimension, LongestSet);

    private static float[] Learned(float[]? vectors) => vectors ?? throw new InvalidOperationException($"The model was not fit. Call {nameof(Fit)} first.");
}
