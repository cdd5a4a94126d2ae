using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// TFRS' MultiLayerDCN: low-rank cross layers over the same features, x ← x0 ⊙ (x · U · V + b) + x. The short form of a
/// <see cref="CrossNetwork"/> of equal <see cref="Cross"/> layers.
/// </summary>
public sealed class MultiLayerDcn : TensorLayer
{
    private readonly CrossNetwork _network;

    /// <summary>Makes the layer.</summary>
    /// <param name="projectionDimension">Rank r of every kernel. 1 by default, as in TFRS.</param>
    /// <param name="layerCount">Number of cross layers. 3 by default, as in TFRS.</param>
    /// <param name="useBias">False leaves b out.</param>
    /// <param name="kernelInitializer">First values of U and V; <see cref="Cross.KernelInitializer"/> when null.</param>
    /// <param name="biasInitializer">First values of b; zeros when null.</param>
    /// <param name="kernelL2"><see cref="Cross.KernelL2"/> of every layer.</param>
    /// <param name="biasL2"><see cref="Cross.BiasL2"/> of every layer.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rank or the number of layers is not positive, or a strength is negative.</exception>
    public MultiLayerDcn(
        int projectionDimension = 1,
        int layerCount = 3,
        bool useBias = true,
        Initializer? kernelInitializer = null,
        Initializer? biasInitializer = null,
        double kernelL2 = 0,
        double biasL2 = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layerCount);
        _network = Use(new CrossNetwork([.. Enumerable.Range(0, layerCount).Select(_ => new Cross(projectionDimension)
        {
            UseBias = useBias,
            KernelInitializer = kernelInitializer ?? Initializer.TruncatedNormal(),
            BiasInitializer = biasInitializer ?? Initializer.Zeros,
            KernelL2 = kernelL2,
            BiasL2 = biasL2,
        })]));
    }

    /// <summary>The cross layers, in order.</summary>
    public IReadOnlyList<CrossLayer> Layers => _network.Layers;

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, ForwardContext context) => _network.Call(input, context);
}
