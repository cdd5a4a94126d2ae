using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// Wide &amp; Deep (Cheng et al., 2016, arXiv 1606.07792): a linear part over categories, numbers and chosen combinations of categories learns
/// exceptions by heart; dense layers over embeddings learn what is general. Their logits are added and trained together.
/// </summary>
/// <remarks>
/// Differs from the paper: combinations are hashed into bins, so that those never met need no vocabulary; both parts have one optimizer
/// (the paper trains the wide part by FTRL; a <see cref="CompositeOptimizer"/> can give it a rule of its own); and the wide part sees the
/// plain fields too, as in Keras' and TensorFlow's forms.
/// </remarks>
/// <example><code>new WideAndDeep(Fields.Of(train, ["gender", "occupation", "age"]), crosses: [["gender", "occupation"]])</code></example>
public sealed class WideAndDeep : RankingNetwork
{
    private readonly Mlp _deep;

    /// <summary>Makes the network.</summary>
    /// <param name="fields">The inputs of both parts.</param>
    /// <param name="crosses">Combinations for the linear part: the names of two fields or more, each of one category a row. None when null.</param>
    /// <param name="hidden">Widths of the deep layers, each followed by a rectifier. Two of 192 when null.</param>
    /// <param name="crossBins">Bins that each combination's categories are hashed into.</param>
    /// <param name="dropout">Share of the values set to 0 in training after each deep layer.</param>
    /// <param name="wideL2">Strength of the penalty on the linear part, see <see cref="LogisticRegression"/>.</param>
    /// <param name="deepL2">Strength of the penalty on the deep layers' kernels, see <see cref="Dense.KernelL2"/>.</param>
    /// <exception cref="ArgumentException">A cross names fewer than two fields, one that the network lacks, or one of numbers or lists.</exception>
    public WideAndDeep(
        IReadOnlyList<Field> fields,
        IReadOnlyList<IReadOnlyList<string>>? crosses = null,
        IReadOnlyList<int>? hidden = null,
        int crossBins = 10_000,
        double dropout = 0,
        double wideL2 = 0,
        double deepL2 = 0)
        : base(fields)
    {
        Wide = Use(new LogisticRegression([.. fields, .. (crosses ?? []).Select(names => FieldCross.Of(fields, names, crossBins))], wideL2));
        _deep = Use(new Mlp([.. hidden ?? [192, 192], 1], dropout: dropout, kernelL2: deepL2));
    }

    /// <summary>The linear part, with a field for every cross.</summary>
    public LogisticRegression Wide { get; }

    internal override Signal Apply(Signal input, ForwardContext context) =>
        Signal.Of(base.Apply(input, context).Numbers! + Wide.Apply(input, context).Numbers!);

    /// <inheritdoc/>
    protected override Tensor Score(IReadOnlyList<Tensor> features, ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(features);
        return _deep.Call(Tensor.Concatenate([.. features], -1), context);
    }
}
