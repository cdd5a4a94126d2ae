using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>
/// Matrix factorization by implicit alternating least squares (Hu, Koren and Volinsky, 2008) with the objective and scaling of Rendle et al. ("Revisiting the
/// performance of iALS on item recommendation benchmarks", 2022): Σ over choices (1 − u·v)² + α Σ over all pairs (u·v)² + λ Σ (c + α·others)·|w|², c being how
/// many choices a query or an item has. A query's vector is the solution for its history, so that new ones are answered as known ones are.
/// </summary>
/// <remarks>
/// The order within histories does not matter, and repeats count once. Vectors of few choices are found through a system of as many equations as there are
/// choices, not dimensions: the items are turned each time so that what is shared by all systems is diagonal. Cost a round: Σ min(L, D)²·D additions.
/// </remarks>
public sealed class IalsModel : HistoryEmbeddingModel
{
    // Queries or items whose vectors one thread finds before it takes the next ones.
    private const int Range = 32;
    private FactorSide? _items;

    /// <summary>Width of the vectors, D. 64 by default; dense data want more.</summary>
    public int Dimension
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(Dimension)} is at least 1.");
    } = 64;

    /// <summary>α: what a pair without a choice weighs beside one with a choice, which weighs 1; above 0. 0.1 by default; less where choices are few.</summary>
    public double UnobservedWeight
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(UnobservedWeight)} is above 0.");
    } = 0.1;

    /// <summary>λ, above 0. 0.003 by default.</summary>
    public double Regularization
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(Regularization)} is above 0.");
    } = 0.003;

    /// <summary>How often both sides are solved for. 16 by default.</summary>
    public int Rounds
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{nameof(Rounds)} is at least 1.");
    } = 16;

    /// <summary>Decides the vectors to begin with.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>The items' vectors, [N, D].</summary>
    /// <exception cref="InvalidOperationException">The model was not fit.</exception>
    public override ReadOnlyMemory<float> ItemEmbeddings => Items.Vectors;

    /// <inheritdoc/>
    public override int EmbeddingWidth => Dimension;

    /// <inheritdoc/>
    public override int HistoryLength => LongestSet;

    private FactorSide Items => _items ?? throw new InvalidOperationException($"The model was not fit. Call {nameof(Fit)} first.");

    /// <summary>The vector of a query that had some items, [D]: the solution for its history.</summary>
    /// <param name="history">Catalogue rows; may be empty, which gives zeros.</param>
    public float[] Embed(ReadOnlySpan<int> history)
    {
        var distinct = DistinctNewest(history);
        var vector = new float[Dimension];
        using var solver = FactorSolver.Rent(Dimension);
        solver.Solve(Items, distinct, Strength(distinct.Length, Items.Count), vector);
        return vector;
    }

    /// <inheritdoc/>
    private protected override void Learn(Histories histories, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        _items = null;
        var had = histories.Distinct();
        var places = new ItemPlaces(had);
        var random = new SeededRandom(Seed);
        var scale = 0.1 / Math.Sqrt(Dimension);
        var items = new float[(long)had.ItemCount * Dimension];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = (float)(scale * random.NextNormal());
        }

        var queries = new float[(long)had.Count * Dimension];
        for (var round = 0; round < Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            SolveAll(new FactorSide(items, Dimension, UnobservedWeight), query => had.Of(query), queries, had.Count, had.ItemCount);
            cancellationToken.ThrowIfCancellationRequested();
            SolveAll(new FactorSide(queries, Dimension, UnobservedWeight), item => places.QueriesOf(item), items, had.ItemCount, had.Count);
            progress?.Report((round + 1.0) / Rounds);
        }

        _items = new FactorSide(items, Dimension, UnobservedWeight);
    }

    /// <inheritdoc/>
    internal override void Score(ReadOnlySpan<int> history, Span<float> scores) => DotKernels.DotMany(Embed(history), Items.Vectors, scores);

    /// <inheritdoc/>
    internal override float[] EmbedQueries(NextItems examples, CancellationToken cancellationToken) => EmbedEach(examples, history => Embed(history), cancellationToken);

    /// <inheritdoc/>
    private protected override HistoryGraph CreateGraph() => new IalsExport(Items, UnobservedWeight, Regularization, LongestSet);

    // λ times what a vector has to do with: its choices, and all others as far as they weigh.
    private double Strength(int choices, int others) => Regularization * (choices + (UnobservedWeight * others));

    private void SolveAll(FactorSide other, Func<int, ReadOnlySpan<int>> chosen, float[] vectors, int count, int otherCount) => Parallelism.ForRanges(count, Range, (start, end) =>
    {
        using var solver = FactorSolver.Rent(Dimension);
        for (var row = start; row < end; row++)
        {
            var own = chosen(row);
            solver.Solve(other, own, Strength(own.Length, otherCount), vectors.AsSpan(row * Dimension, Dimension));
        }
    });
}
