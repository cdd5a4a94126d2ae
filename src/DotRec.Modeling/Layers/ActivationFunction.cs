using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>An element-wise function between layers.</summary>
public enum ActivationFunction
{
    /// <summary>None: x.</summary>
    Linear,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    Sigmoid,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>Gaussian error linear unit.</summary>
    Gelu,

    /// <summary>x / (1 + e⁻ˣ), also called SiLU.</summary>
    Swish,
}

/// <summary>The functions by name.</summary>
internal static class ActivationFunctions
{
    public static Tensor Apply(this ActivationFunction function, Tensor x) => function switch
    {
        ActivationFunction.Linear => x,
        ActivationFunction.Relu => x.Relu(),
        ActivationFunction.Sigmoid => x.Sigmoid(),
        ActivationFunction.Tanh => x.Tanh(),
        ActivationFunction.Gelu => x.Gelu(),
        ActivationFunction.Swish => x * x.Sigmoid(),
        _ => throw new ArgumentOutOfRangeException(nameof(function), function, "There is no such activation function."),
    };
}
