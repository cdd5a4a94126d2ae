using System.Globalization;
using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// A trainable vector for every category. One category a row gives its vector; a list a row gives the mean (or sum, see <see cref="Combiner"/>)
/// of its vectors, zeros for an empty list.
/// </summary>
/// <remarks>
/// Gradients and optimizer steps touch only the rows of a batch. A category that training never meets (the row for unknown ids, when the
/// vocabulary was built from the training data) keeps its first, random vector.
/// </remarks>
public sealed class Embedding : EmbeddingLayer
{
    private readonly Initializer _initializer;
    private Parameter? _table;

    /// <summary>Makes the layer; it has as many rows as the preprocessing before it has categories.</summary>
    /// <param name="dimension">Width of a vector, D.</param>
    /// <param name="initializer">First values; uniform in ±0.05, Keras' default, when null.</param>
    public Embedding(int dimension, Initializer? initializer = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimension);
        Dimension = dimension;
        _initializer = initializer ?? Initializer.Uniform();
    }

    /// <summary>Width of a vector, D.</summary>
    public int Dimension { get; }

    /// <summary>
    /// Strength λ of the penalty λ/2 · |v|² that each example adds for the vector v it uses; 0 (the default) for none. A vector is pulled to
    /// zero as often as it is used, so frequent categories are not freer than rare ones, and only rows of the batch are touched.
    /// </summary>
    public double L2
    {
        get;
        init => field = ForwardContext.CheckedStrength(value, nameof(L2));
    }

    /// <summary>What a list gives: the mean of its vectors by default.</summary>
    public Combiner Combiner
    {
        get;
        init => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "There is no such combiner.");
    }

    /// <summary>The table, shape [categories, D]; null before the first input.</summary>
    public Parameter? Table => _table;

    /// <inheritdoc/>
    protected internal override string? Settings
    {
        get
        {
            var penalty = L2 > 0 ? "L2 " + L2.ToString("R", CultureInfo.InvariantCulture) : null;
            return Combiner == Combiner.Mean ? penalty : $"{penalty} {Combiner}".TrimStart();
        }
    }

    /// <inheritdoc/>
    protected override void Build(int categoryCount) => _table = AddTable("table", _initializer, categoryCount, Dimension);

    /// <inheritdoc/>
    protected override Tensor Forward(Categories categories, ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(categories);
        ArgumentNullException.ThrowIfNull(context);
        var vectors = !categories.IsJagged ? _table!.Value.Gather(categories.Numbers)
            : Combiner == Combiner.Mean ? _table!.Value.GatherMean(categories.Numbers)
            : _table!.Value.GatherSum(categories.Numbers);
        context.AddL2(vectors, L2, categories);
        return vectors;
    }
}
