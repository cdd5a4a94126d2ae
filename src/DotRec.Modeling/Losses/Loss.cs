using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// The loss of a batch: a scalar to differentiate that knows whether it is a sum or a mean, and over how many examples. Tasks make it
/// (<see cref="Retrieval"/>, <see cref="Ranking"/>); a scalar of your own becomes one by <see cref="Sum"/> or <see cref="Mean"/>. Losses of several tasks
/// are weighed and added. Immutable.
/// </summary>
/// <remarks>
/// <para>
/// What is minimised is always the reported mean times a factor: <see cref="Value"/> = <see cref="Scale"/> · <see cref="PerExample"/>. The reduction decides
/// that factor alone (the number of examples for a sum, 1 for a mean), so it changes the size of the gradient, which the learning rate must fit, and
/// nothing else: neither what is reported, nor the balance between tasks, nor that between a loss and the penalties of layers
/// (<see cref="Embedding.L2"/>, <see cref="Dense.KernelL2"/>), which count per example too.
/// </para>
/// <para>
/// A sum of losses has the larger factor of the two, and each loss is brought to it: <c>retrieval + rating</c> minimises the mean of one plus the mean of
/// the other, also when one task sums and the other averages. TFRS adds the bare numbers, so that in its multitask tutorial, where retrieval is a sum
/// over B examples and the rating loss a mean, a rating weight of 1 is one of 1 / B here: <c>retrieval + (rating * (1.0 / batch.RowCount))</c>.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// Loss retrieval = new Retrieval().ComputeLoss(users, movies).Named("retrieval");
/// Loss rating = new Ranking(PointwiseLoss.SquaredError).ComputeLoss(ratings, labels).Named("rating");
/// Loss own = Loss.Mean((users * users).Mean(), batch.RowCount);
/// Loss total = retrieval + (rating * 0.5) + (own * 0.01);
/// </code>
/// </example>
public sealed class Loss
{
    private readonly LossTerm[] _terms;
    private readonly LossPart[] _parts;

    private Loss(Tensor value, double scale, LossTerm[] terms, LossPart[] parts)
    {
        Value = value;
        Scale = scale;
        _terms = terms;
        _parts = parts;
    }

    /// <summary>The scalar to differentiate: <see cref="Scale"/> times <see cref="PerExample"/>.</summary>
    public Tensor Value { get; }

    /// <summary>The number of examples of a loss that is a sum (the largest one of several), 1 for a mean.</summary>
    public double Scale { get; }

    /// <summary>The mean per example, or per group when groups were counted: what is reported. 0 when there is no example.</summary>
    public double PerExample => MeanOf(_terms);

    /// <summary>By name, the losses that were given one by <see cref="Named"/>: each as it was then, before later weights.</summary>
    public IReadOnlyDictionary<string, double> Parts => _parts.ToDictionary(part => part.Name, part => MeanOf(part.Terms), StringComparer.Ordinal);

    internal ReadOnlySpan<LossTerm> Terms => _terms;

    internal ReadOnlySpan<LossPart> NamedParts => _parts;

    /// <summary>A scalar that is the sum of the losses of <paramref name="count"/> examples. It is minimised as it is and reported divided by their number.</summary>
    /// <param name="sum">One value.</param>
    /// <param name="count">Number of examples, or of groups when the loss is one of groups.</param>
    /// <exception cref="ArgumentException">The tensor is no scalar.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static Loss Sum(Tensor sum, long count)
    {
        var value = Checked(sum, count);
        return new Loss(sum, Math.Max(1, count), [new LossTerm(count == 0 ? 0 : value / count, count)], []);
    }

    /// <summary>A scalar that is the mean of the losses of <paramref name="count"/> examples. It is minimised and reported as it is.</summary>
    /// <param name="mean">One value.</param>
    /// <param name="count">Number of examples, or of groups when the loss is one of groups: their weight in the mean over an epoch.</param>
    /// <inheritdoc cref="Sum"/>
    public static Loss Mean(Tensor mean, long count)
    {
        var value = Checked(mean, count);
        return new Loss(mean, 1, [new LossTerm(count == 0 ? 0 : value, count)], []);
    }

    /// <summary>Both losses: their means per example add up, whatever their reductions.</summary>
    /// <exception cref="ArgumentException">A name stands in both.</exception>
    public static Loss operator +(Loss left, Loss right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        if (left._parts.Select(part => part.Name).Intersect(right._parts.Select(part => part.Name), StringComparer.Ordinal).FirstOrDefault() is { } twice)
        {
            throw new ArgumentException($"Two losses are named '{twice}'. Give each a name of its own.", nameof(right));
        }

        var scale = Math.Max(left.Scale, right.Scale);
        return new Loss(left.ValueAt(scale) + right.ValueAt(scale), scale, [.. left._terms, .. right._terms], [.. left._parts, .. right._parts]);
    }

    /// <summary>The loss with a weight; names given before keep what they named.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The weight is not finite.</exception>
    public static Loss operator *(Loss loss, double weight)
    {
        ArgumentNullException.ThrowIfNull(loss);
        return double.IsFinite(weight)
            ? new Loss(loss.Value * (float)weight, loss.Scale, Array.ConvertAll(loss._terms, term => term with { Mean = term.Mean * weight }), loss._parts)
            : throw new ArgumentOutOfRangeException(nameof(weight), weight, "The weight of a loss must be finite.");
    }

    /// <inheritdoc cref="op_Multiply(Loss, double)"/>
    public static Loss operator *(double weight, Loss loss) => loss * weight;

    /// <inheritdoc cref="op_Addition"/>
    public static Loss Add(Loss left, Loss right) => left + right;

    /// <inheritdoc cref="op_Multiply(Loss, double)"/>
    public static Loss Multiply(Loss loss, double weight) => loss * weight;

    /// <summary>The same loss with a name, under which results report it beside the total: <see cref="EpochResult.Losses"/>, <see cref="Evaluation.Losses"/>.</summary>
    /// <exception cref="ArgumentException">The name is empty, or a part of this loss has it.</exception>
    public Loss Named(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Array.Exists(_parts, part => part.Name == name)
            ? throw new ArgumentException($"A part of this loss is named '{name}' already. Give each a name of its own.", nameof(name))
            : new Loss(Value, Scale, _terms, [.. _parts, new LossPart(name, _terms)]);
    }

    private static double MeanOf(LossTerm[] terms) => terms.Sum(term => term.Mean);

    private static double Checked(Tensor scalar, long count)
    {
        ArgumentNullException.ThrowIfNull(scalar);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return scalar.Length == 1
            ? scalar.Scalar
            : throw new ArgumentException($"A loss is one number, but this is {scalar}. Reduce it: Loss.Sum(loss.Sum(), count) or Loss.Mean(loss.Mean(), count).", nameof(scalar));
    }

    private Tensor ValueAt(double scale) => scale == Scale ? Value : Value * (float)(scale / Scale);
}
