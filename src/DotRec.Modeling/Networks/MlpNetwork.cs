using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>Dense layers over the fields side by side: the plain deep network that others are compared with (TFRS' "DNN").</summary>
/// <remarks>It learns products of features only by approximation, with many more weights than a <see cref="DeepCrossNetwork"/>.</remarks>
/// <example><code>var model = new RankingModel(new MlpNetwork(Fields.Of(train, ["user_id", "movie_id", "age"])), "clicked");</code></example>
public sealed class MlpNetwork : RankingNetwork
{
    private readonly Mlp _layers;

    /// <summary>Makes the network.</summary>
    /// <param name="fields">The inputs, side by side in x0.</param>
    /// <param name="hidden">Widths of the hidden layers, each followed by a rectifier. Three of 192, TFRS' tutorial, when null.</param>
    /// <param name="dropout">Share of the values set to 0 in training after each hidden layer.</param>
    /// <param name="l2">Strength of the penalty on the layers' kernels, see <see cref="Dense.KernelL2"/>.</param>
    public MlpNetwork(IReadOnlyList<Field> fields, IReadOnlyList<int>? hidden = null, double dropout = 0, double l2 = 0)
        : base(fields) =>
        _layers = Use(new Mlp([.. hidden ?? [192, 192, 192], 1], dropout: dropout, kernelL2: l2));

    /// <inheritdoc/>
    protected override Tensor Score(IReadOnlyList<Tensor> features, ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(features);
        return _layers.Call(Tensor.Concatenate([.. features], -1), context);
    }
}
