using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// The deep learning recommendation model (Naumov et al., 2019, arXiv 1906.00091): dense layers bring all numbers to the width of the
/// embeddings, the dot products of all pairs of vectors follow, and dense layers over products and dense vector give the score.
/// </summary>
/// <remarks>
/// <para>All categorical fields need embeddings of one width; numeric fields may have any.</para>
/// <para>
/// Beyond the paper, which always has both: without numeric fields there is no dense vector, and the upper layers read the products alone;
/// without categorical fields there is nothing to multiply, and the network is a plain MLP. One categorical field alone is refused: no pair
/// can be made of it.
/// </para>
/// </remarks>
/// <example><code>var model = new RankingModel(new Dlrm(Fields.Of(train, columns)), "clicked");</code></example>
public sealed class Dlrm : RankingNetwork
{
    private readonly NumberVector? _bottom;
    private readonly DotInteraction? _interaction;
    private readonly Mlp _top;

    /// <summary>Makes the network.</summary>
    /// <param name="fields">The inputs.</param>
    /// <param name="bottom">Widths of the lower layers before the one that has the embeddings' width. One of 64 when null.</param>
    /// <param name="top">Widths of the hidden upper layers. Two, of 128 and 64, when null.</param>
    /// <param name="selfInteraction">True also takes each vector's product with itself.</param>
    /// <param name="dropout">Share of the values set to 0 in training after each hidden upper layer.</param>
    /// <param name="l2">Strength of the penalty on the kernels of lower and upper layers, see <see cref="Dense.KernelL2"/>.</param>
    /// <exception cref="ArgumentException">The only field is categorical.</exception>
    public Dlrm(
        IReadOnlyList<Field> fields,
        IReadOnlyList<int>? bottom = null,
        IReadOnlyList<int>? top = null,
        bool selfInteraction = false,
        double dropout = 0,
        double l2 = 0)
        : base(fields)
    {
        var categorical = Fields.Count(field => !field.IsNumeric);
        if (Fields.Count == 1 && categorical == 1)
        {
            throw new ArgumentException($"Dlrm multiplies pairs of fields, but '{fields[0]}' is the only one. Add a field, or use {nameof(MlpNetwork)}.", nameof(fields));
        }

        _bottom = categorical < Fields.Count ? Use(new NumberVector(bottom ?? [64], l2)) : null;
        _interaction = categorical > 0 ? Use(new DotInteraction(selfInteraction)) : null;
        _top = Use(new Mlp([.. top ?? [128, 64], 1], dropout: dropout, kernelL2: l2));
    }

    /// <inheritdoc/>
    protected override Tensor Score(IReadOnlyList<Tensor> features, ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(features);
        var vectors = features.Where((_, i) => !Fields[i].IsNumeric).ToList();
        var numbers = features.Where((_, i) => Fields[i].IsNumeric).ToArray();
        var dense = _bottom?.Of(Tensor.Concatenate(numbers, -1), vectors.Count > 0 ? vectors[0].Shape[^1] : null, context);
        if (_interaction is null)
        {
            return _top.Call(dense!, context);
        }

        if (dense is null)
        {
            return _top.Call(_interaction.Call(vectors, context), context);
        }

        return _top.Call(Tensor.Concatenate([dense, _interaction.Call([dense, .. vectors], context)], -1), context);
    }
}
