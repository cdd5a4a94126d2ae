using System.Globalization;
using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// Embeddings of N categories from two small tables (Shi et al., 2019, arXiv 1909.02164): category i is row i mod M of one joined with row
/// ⌊i / M⌋ of the other, M + ⌈N / M⌉ rows in place of N. Unlike a hash, no two categories have the same pair of rows.
/// </summary>
/// <remarks>
/// Memory is least at M = √N, the default: 2√N rows, at a cost in quality that the paper measures on Criteo. A larger M trades some back.
/// Categories with a remainder or a quotient in common share half of what they learn; order in the vocabulary decides which.
/// </remarks>
public sealed class QuotientRemainderEmbedding : EmbeddingLayer
{
    private readonly Initializer _initializer;
    private Parameter? _remainders;
    private Parameter? _quotients;
    private int _buckets;

    /// <summary>Makes the layer; it covers as many categories as the preprocessing before it has.</summary>
    /// <param name="dimension">Width of an embedding, D.</param>
    /// <param name="buckets">M, rows of the table of remainders; √N rounded up when null.</param>
    /// <param name="combination">How the two vectors are joined.</param>
    /// <param name="initializer">
    /// First values of both tables. When null, uniform so that embeddings begin within ±0.05: in ±0.05, or in ±√0.05 where they are multiplied.
    /// </param>
    /// <exception cref="ArgumentException">The vectors stand side by side and the dimension is odd.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The dimension or the buckets are not positive.</exception>
    public QuotientRemainderEmbedding(
        int dimension, int? buckets = null, TableCombination combination = TableCombination.Multiply, Initializer? initializer = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(buckets ?? 1, nameof(buckets));
        if (combination == TableCombination.Concatenate && dimension % 2 != 0)
        {
            throw new ArgumentException($"The dimension is {dimension}; two vectors side by side need an even one.", nameof(dimension));
        }

        Dimension = dimension;
        Buckets = buckets;
        Combination = combination;
        _initializer = initializer ?? Initializer.Uniform(combination == TableCombination.Multiply ? Math.Sqrt(0.05) : 0.05);
    }

    /// <summary>Width of an embedding, D.</summary>
    public int Dimension { get; }

    /// <summary>M, rows of the table of remainders; null for √N.</summary>
    public int? Buckets { get; }

    /// <summary>How the two vectors are joined.</summary>
    public TableCombination Combination { get; }

    /// <summary>Strength of a penalty on the joined vectors, as <see cref="Embedding.L2"/>. 0 by default.</summary>
    public double L2
    {
        get;
        init => field = ForwardContext.CheckedStrength(value, nameof(L2));
    }

    /// <inheritdoc/>
    protected internal override string? Settings => string.Create(CultureInfo.InvariantCulture, $"{Combination} L2 {L2:R}");

    /// <inheritdoc/>
    protected override void Build(int categoryCount)
    {
        _buckets = Math.Min(Buckets ?? (int)Math.Ceiling(Math.Sqrt(categoryCount)), categoryCount);
        var width = Combination == TableCombination.Concatenate ? Dimension / 2 : Dimension;
        _remainders = AddTable("remainders", _initializer, _buckets, width);
        _quotients = AddTable("quotients", _initializer, (categoryCount + _buckets - 1) / _buckets, width);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Categories categories, ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(categories);
        ArgumentNullException.ThrowIfNull(context);
        if (categories.IsJagged && Combination == TableCombination.Multiply)
        {
            throw new InvalidOperationException(
                $"Layer {this} multiplies vectors, and the mean over a list of products is no product of means. Use TableCombination.Add or Concatenate for lists.");
        }

        var remainders = LookUp(_remainders!, categories.Modulo(_buckets, context));
        var quotients = LookUp(_quotients!, categories.Divide(_buckets, context));
        var vectors = Combination switch
        {
            TableCombination.Multiply => remainders * quotients,
            TableCombination.Add => remainders + quotients,
            _ => Tensor.Concatenate([remainders, quotients]),
        };
        context.AddL2(vectors, L2, categories);
        return vectors;
    }

    private static Tensor LookUp(Parameter table, Categories rows) => rows.IsJagged ? table.Value.GatherMean(rows.Numbers) : table.Value.Gather(rows.Numbers);
}
