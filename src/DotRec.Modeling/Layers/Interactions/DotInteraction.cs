using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// The dot products of every pair of feature vectors, as in DLRM (Naumov et al., 2019, arXiv 1906.00091) and TFRS: [B, n, D] becomes
/// [B, n(n − 1)/2].
/// </summary>
/// <remarks>
/// The pairs stand in the order of a lower triangle read row by row: (1,0), (2,0), (2,1), …; with self-interaction (0,0), (1,0), (1,1), …
/// In a tower a <see cref="Stack"/> before it puts the features under one another. Unequal widths are refused by name; TFRS slices some of
/// them wrongly without a word (widths 4, 2, 6).
/// </remarks>
/// <example><code>new Tower(new Stack([new StringLookup("user_id", data), new Embedding(16)], [new Normalization("age", data), new Dense(16)]), new DotInteraction())</code></example>
public sealed class DotInteraction : TensorLayer
{
    /// <summary>Makes the layer.</summary>
    /// <param name="selfInteraction">True also takes each vector's product with itself.</param>
    /// <param name="skipGather">True gives all n · n products, row by row, with 0 for those left out: wider, but without gathering.</param>
    public DotInteraction(bool selfInteraction = false, bool skipGather = false)
    {
        SelfInteraction = selfInteraction;
        SkipGather = skipGather;
    }

    /// <summary>True when each vector's product with itself is taken.</summary>
    public bool SelfInteraction { get; }

    /// <summary>True when the result has n · n columns, 0 where a pair is left out.</summary>
    public bool SkipGather { get; }

    /// <summary>The products of features given one by one, each of shape [B, D].</summary>
    /// <exception cref="ArgumentException">There is no feature, or two have different shapes.</exception>
    public Tensor Call(IReadOnlyList<Tensor> features, ForwardContext context) => Call(Stack.Stacked(features, $"Layer {this}"), context);

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Rank != 3 || input.Shape[1] < (SelfInteraction ? 1 : 2))
        {
            throw new InvalidOperationException(
                $"Layer {this} takes features of shape [B, n, D], n at least {(SelfInteraction ? 1 : 2)}, but is given {input}. Put a {nameof(Stack)} of the features before it.");
        }

        var (rows, count) = (input.Shape[0], input.Shape[1]);
        var products = input.MatMul(input, transposeRight: true).Reshape(rows, count * count);
        return SkipGather
            ? Tensor.Where(Triangle(count), products, 0f)
            : Tensor.Concatenate([.. Enumerable.Range(0, count).Where(row => Taken(row) > 0).Select(row => products.Slice(1, row * count, Taken(row)))]);
    }

    /// <summary>How many products of row <paramref name="row"/> are taken: those before the diagonal, and perhaps the diagonal.</summary>
    private int Taken(int row) => SelfInteraction ? row + 1 : row;

    private Mask Triangle(int count)
    {
        var taken = new bool[count * count];
        for (var row = 0; row < count; row++)
        {
            taken.AsSpan(row * count, Taken(row)).Fill(true);
        }

        return Mask.Constant(taken, taken.Length);
    }
}
