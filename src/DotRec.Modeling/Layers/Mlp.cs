using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>Dense layers one after another: the deep part of a ranking model.</summary>
public sealed class Mlp : TensorLayer
{
    private readonly Sequential _layers;

    /// <summary>Makes the layer.</summary>
    /// <param name="units">Width of each dense layer.</param>
    /// <param name="activation">Applied after each layer but the last. Rectifier by default.</param>
    /// <param name="finalActivation">Applied after the last layer. None by default.</param>
    /// <param name="useBias">False leaves the biases out.</param>
    /// <param name="kernelInitializer">First values of the kernels; Glorot uniform when null.</param>
    /// <param name="dropout">Share of the values set to 0 in training after each layer but the last.</param>
    /// <param name="kernelL2"><see cref="Dense.KernelL2"/> of every layer.</param>
    /// <exception cref="ArgumentException">There is no layer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A width is not positive, the dropout is not in 0 … 1, 1 excluded, or the strength is negative.</exception>
    public Mlp(
        IReadOnlyList<int> units,
        ActivationFunction activation = ActivationFunction.Relu,
        ActivationFunction finalActivation = ActivationFunction.Linear,
        bool useBias = true,
        Initializer? kernelInitializer = null,
        double dropout = 0,
        double kernelL2 = 0)
    {
        ArgumentNullException.ThrowIfNull(units);
        if (units.Count == 0)
        {
            throw new ArgumentException("Give the width of at least one layer.", nameof(units));
        }

        var layers = new List<Layer>();
        for (var i = 0; i < units.Count; i++)
        {
            var isLast = i == units.Count - 1;
            layers.Add(new Dense(units[i], isLast ? finalActivation : activation, useBias, kernelInitializer) { KernelL2 = kernelL2 });
            if (dropout != 0 && !isLast)
            {
                layers.Add(new Dropout(dropout));
            }
        }

        _layers = Use(new Sequential(layers));
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, ForwardContext context) => _layers.Call(input, context);
}
