using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// The Deep &amp; Cross Network, version 2 (Wang et al., 2020, arXiv 2008.13535): cross layers multiply features explicitly, deep layers do the
/// rest, stacked or in parallel.
/// </summary>
/// <example><code>var model = new RankingModel(new DeepCrossNetwork(Fields.Of(train, ["user_id", "movie_id", "age"])), "clicked");</code></example>
public sealed class DeepCrossNetwork : RankingNetwork
{
    private readonly Mlp? _deep;
    private readonly Dense _score;

    /// <summary>Makes the network.</summary>
    /// <param name="fields">The inputs, side by side in x0.</param>
    /// <param name="crosses">The cross layers: <see cref="Cross"/> of full or low rank, or <see cref="CrossMixtureOfExperts"/>. Two of full rank when null.</param>
    /// <param name="hidden">Widths of the deep layers, each followed by a rectifier; none leaves the cross layers and a linear score. Two of 192, as in TFRS' tutorial, when null.</param>
    /// <param name="structure">How both are put together.</param>
    /// <param name="dropout">Share of the values set to 0 in training after each deep layer but the last.</param>
    /// <param name="l2">Strength of the penalty on the deep layers' kernels, see <see cref="Dense.KernelL2"/>; that of the crosses is <see cref="Cross.KernelL2"/>.</param>
    public DeepCrossNetwork(
        IReadOnlyList<Field> fields,
        IReadOnlyList<CrossLayer>? crosses = null,
        IReadOnlyList<int>? hidden = null,
        NetworkStructure structure = NetworkStructure.Stacked,
        double dropout = 0,
        double l2 = 0)
        : base(fields)
    {
        hidden ??= [192, 192];
        Crosses = Use(new CrossNetwork(crosses ?? [new Cross(), new Cross()]));
        Structure = structure;
        _deep = hidden.Count == 0 ? null : Use(new Mlp(hidden, finalActivation: ActivationFunction.Relu, dropout: dropout, kernelL2: l2));
        _score = Use(new Dense(1) { KernelL2 = l2 });
    }

    /// <summary>The cross layers.</summary>
    public CrossNetwork Crosses { get; }

    /// <summary>How the cross layers and the deep layers are put together.</summary>
    public NetworkStructure Structure { get; }

    /// <inheritdoc/>
    protected internal override string? Settings => Structure.ToString();

    /// <inheritdoc/>
    protected override Tensor Score(IReadOnlyList<Tensor> features, ForwardContext context)
    {
        var x0 = Tensor.Concatenate([.. features], -1);
        var crossed = Crosses.Call(x0, context);
        if (_deep is null)
        {
            return _score.Call(crossed, context);
        }

        return Structure == NetworkStructure.Stacked
            ? _score.Call(_deep.Call(crossed, context), context)
            : _score.Call(Tensor.Concatenate([crossed, _deep.Call(x0, context)], -1), context);
    }
}
