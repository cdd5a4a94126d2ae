using System.Globalization;
using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>A fully connected layer: f(x · W + b), W of shape [inputs, units].</summary>
public sealed class Dense : TensorLayer
{
    private readonly Initializer _kernelInitializer;
    private Parameter? _kernel;
    private Parameter? _bias;

    /// <summary>Makes the layer.</summary>
    /// <param name="units">Width of the output.</param>
    /// <param name="activation">Applied to the result; none by default.</param>
    /// <param name="useBias">False leaves b out.</param>
    /// <param name="kernelInitializer">First values of W; Glorot uniform, Keras' default, when null. b starts at 0.</param>
    public Dense(int units, ActivationFunction activation = ActivationFunction.Linear, bool useBias = true, Initializer? kernelInitializer = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(units);
        Units = units;
        Activation = activation;
        UseBias = useBias;
        _kernelInitializer = kernelInitializer ?? Initializer.GlorotUniform;
    }

    /// <summary>Width of the output.</summary>
    public int Units { get; }

    /// <summary>The function applied to the result.</summary>
    public ActivationFunction Activation { get; }

    /// <summary>Whether b is added.</summary>
    public bool UseBias { get; }

    /// <summary>Strength λ of the penalty λ/2 · |W|² on the mean loss of an example. 0 by default. See <see cref="ForwardContext.AddL2(Parameter, double)"/>.</summary>
    public double KernelL2
    {
        get;
        init => field = ForwardContext.CheckedStrength(value, nameof(KernelL2));
    }

    /// <inheritdoc/>
    protected internal override string? Settings => KernelL2 > 0 ? string.Create(CultureInfo.InvariantCulture, $"{Activation} kernel L2 {KernelL2:R}") : Activation.ToString();

    /// <inheritdoc/>
    protected override void Build(int inputWidth)
    {
        _kernel = AddParameter("kernel", _kernelInitializer, inputWidth, Units);
        _bias = UseBias ? AddParameter("bias", Initializer.Zeros, Units) : null;
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor input, ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.AddL2(_kernel!, KernelL2);
        var product = input.MatMul(_kernel!);
        return Activation.Apply(_bias is null ? product : product + _bias);
    }
}
