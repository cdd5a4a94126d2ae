using System.Globalization;
using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// The cross layer of DCN-V2 (Wang et al., 2020, arXiv 2008.13535): x0 ⊙ (f(x · W + b) + diagScale · x) + x. Every layer raises the degree
/// of the feature products that a network can express by one.
/// </summary>
/// <remarks>
/// <para>
/// Full rank, W is [d, d] and the layer has d² + d weights. With a projection dimension r it is U · V, U of shape [d, r] and V of shape [r, d],
/// with 2dr + d weights: less from r &lt; d/2 on, and r = d/4 costs little quality. f applies after V; there is none between U and V.
/// </para>
/// <para>
/// As in TFRS, the term of <see cref="DiagScale"/> stands outside f: f(x · W + b) + diagScale · x, which for a linear f equals adding
/// diagScale to W's diagonal.
/// </para>
/// </remarks>
public sealed class Cross : CrossLayer
{
    private Parameter? _bias;

    /// <summary>Makes the layer.</summary>
    /// <param name="projectionDimension">Rank r of the kernel; null for full rank.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rank is not positive.</exception>
    public Cross(int? projectionDimension = null)
    {
        if (projectionDimension is { } rank)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rank, nameof(projectionDimension));
        }

        ProjectionDimension = projectionDimension;
    }

    /// <summary>Rank r of the kernel; null for full rank.</summary>
    public int? ProjectionDimension { get; }

    /// <summary>Share of x added to f(x · W + b): a start close to the square of the features steadies training. 0 by default.</summary>
    public double DiagScale
    {
        get;
        init => field = value >= 0 && double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "DiagScale must be 0 or positive.");
    }

    /// <summary>Whether b is added. True by default.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>f, applied before the multiplication with x0, for example <c>new Activation(ActivationFunction.Swish)</c>; null (the default) for none.</summary>
    public TensorLayer? Preactivation
    {
        get;
        init => field = value is null ? null : Use(value);
    }

    /// <summary>First values of W, or of both U and V. Truncated normal of deviation 0.05 by default, as in TFRS; its tutorials use Glorot uniform.</summary>
    public Initializer KernelInitializer { get; init; } = Initializer.TruncatedNormal();

    /// <summary>First values of b. 0 by default.</summary>
    public Initializer BiasInitializer { get; init; } = Initializer.Zeros;

    /// <summary>Strength λ of the penalty λ/2 · |W|² (low rank: on U and V) on the mean loss of an example. 0 by default. See <see cref="ForwardContext.AddL2(Parameter, double)"/>.</summary>
    public double KernelL2
    {
        get;
        init => field = ForwardContext.CheckedStrength(value, nameof(KernelL2));
    }

    /// <summary>The same for b. 0 by default.</summary>
    public double BiasL2
    {
        get;
        init => field = ForwardContext.CheckedStrength(value, nameof(BiasL2));
    }

    /// <summary>U, shape [d, r]: what the low rank projects with. Null at full rank and before the first input.</summary>
    public Parameter? Projection { get; private set; }

    /// <summary>W, shape [d, d], or at low rank V, shape [r, d]; null before the first input. Row i holds what feature i contributes.</summary>
    public Parameter? Kernel { get; private set; }

    /// <summary>The matrix that x is multiplied with, whatever its form: W or U · V, with <see cref="DiagScale"/> on its diagonal; [d, d], row-major, a copy.</summary>
    /// <remarks>Entry (i, j) is how strongly feature i enters the factor of feature j: what heat maps of feature interactions show.</remarks>
    /// <exception cref="InvalidOperationException">The layer has not met an input yet.</exception>
    public override float[] EffectiveKernel()
    {
        var kernel = Kernel ?? throw new InvalidOperationException($"Layer {this} has not met an input yet, so it has no kernel.");
        using var scope = TensorScope.Begin();
        using var gradients = Gradients.Off();
        var matrix = (Projection is null ? kernel.Value : Projection.Value.MatMul(kernel)).Values.ToArray();
        var width = kernel.Value.Shape[^1];
        for (var i = 0; i < width; i++)
        {
            matrix[(i * width) + i] += (float)DiagScale;
        }

        return matrix;
    }

    /// <inheritdoc/>
    protected internal override string? Settings => string.Create(
        CultureInfo.InvariantCulture, $"diagonal {DiagScale:R} kernel L2 {KernelL2:R} bias L2 {BiasL2:R} preactivation {Preactivation?.Name ?? "none"}");

    /// <inheritdoc/>
    protected override void Build(int inputWidth)
    {
        Projection = ProjectionDimension is { } rank ? AddParameter("projection", KernelInitializer, inputWidth, rank) : null;
        Kernel = AddParameter("kernel", KernelInitializer, ProjectionDimension ?? inputWidth, inputWidth);
        _bias = UseBias ? AddParameter("bias", BiasInitializer, inputWidth) : null;
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x0, Tensor x, ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(context);
        var product = (Projection is null ? x : x.MatMul(Projection)).MatMul(Kernel!);
        if (_bias is not null)
        {
            product += _bias;
            context.AddL2(_bias, BiasL2);
        }

        context.AddL2(Kernel!, KernelL2);
        if (Projection is not null)
        {
            context.AddL2(Projection, KernelL2);
        }

        var gate = Preactivation is null ? product : Preactivation.Call(product, context);
        return (x0 * (DiagScale > 0 ? gate + ((float)DiagScale * x) : gate)) + x;
    }
}
