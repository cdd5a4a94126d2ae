using System.Globalization;
using DotRec.Autodiff;

namespace DotRec.Modeling;

/// <summary>
/// The mixture of low-rank cross layers of DCN-V2 (Wang et al., 2020, arXiv 2008.13535, section 3.2):
/// Σₑ gateₑ(x) · x0 ⊙ (f(f(x · Vₑ) · Cₑ) · Uₑ + b) + x. Several small subspaces, chosen by the input, in place of one large one.
/// </summary>
/// <remarks>
/// E experts of rank r have E(2dr + r² + d + 1) + d weights at width d. The experts share b. Their kernels lie side by side in three
/// parameters, so that an expert costs no matrix product of its own except by its small Cₑ. Non-linear experts make the gate matter:
/// with a linear f and constant gates the mixture is one low-rank kernel of rank E · r.
/// </remarks>
public sealed class CrossMixtureOfExperts : CrossLayer
{
    private Parameter? _project;
    private Parameter? _inner;
    private Parameter? _expand;
    private Parameter? _bias;
    private Parameter? _gateKernel;
    private Parameter? _gateBias;

    /// <summary>Makes the layer.</summary>
    /// <param name="projectionDimension">Rank r of an expert.</param>
    /// <param name="experts">Number of experts, E.</param>
    /// <param name="gate">How the experts are weighed.</param>
    /// <param name="nonlinearity">f.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not positive.</exception>
    public CrossMixtureOfExperts(
        int projectionDimension, int experts = 4, ExpertGate gate = ExpertGate.Softmax, ActivationFunction nonlinearity = ActivationFunction.Tanh)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(projectionDimension);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(experts);
        ProjectionDimension = projectionDimension;
        Experts = experts;
        Gate = gate;
        Nonlinearity = nonlinearity;
    }

    /// <summary>Rank r of an expert.</summary>
    public int ProjectionDimension { get; }

    /// <summary>Number of experts, E.</summary>
    public int Experts { get; }

    /// <summary>How the experts are weighed.</summary>
    public ExpertGate Gate { get; }

    /// <summary>f.</summary>
    public ActivationFunction Nonlinearity { get; }

    /// <summary>First values of the experts' kernels. Truncated normal of deviation 0.05 by default. Biases start at 0, and so do the gates: equal experts.</summary>
    public Initializer KernelInitializer { get; init; } = Initializer.TruncatedNormal();

    /// <summary>Strength λ of the penalty λ/2 · |W|² on the experts' kernels. 0 by default. See <see cref="ForwardContext.AddL2(Parameter, double)"/>.</summary>
    public double KernelL2
    {
        get;
        init => field = ForwardContext.CheckedStrength(value, nameof(KernelL2));
    }

    /// <summary>The mixture's kernel near x = 0, Σₑ gateₑ(0) · Vₑ · Cₑ · Uₑ, f taken as the identity (the slope of tanh at 0); [d, d], row-major, a copy.</summary>
    /// <remarks>Gates and f make the true kernel depend on the input; no single matrix shows it. This one is what the layer learned about small inputs.</remarks>
    /// <exception cref="InvalidOperationException">The layer has not met an input yet.</exception>
    public override float[] EffectiveKernel()
    {
        var gateBias = _gateBias ?? throw new InvalidOperationException($"Layer {this} has not met an input yet, so it has no kernel.");
        using var scope = TensorScope.Begin();
        using var gradients = Gradients.Off();
        var gates = Gate == ExpertGate.Softmax ? gateBias.Value.Softmax() : gateBias.Value.Sigmoid();
        Tensor? sum = null;
        for (var expert = 0; expert < Experts; expert++)
        {
            var start = expert * ProjectionDimension;
            var kernel = _project!.Value.Slice(1, start, ProjectionDimension)
                .MatMul(_inner!.Value.Slice(0, start, ProjectionDimension))
                .MatMul(_expand!.Value.Slice(0, start, ProjectionDimension)) * gates.Slice(0, expert, 1);
            sum = sum is null ? kernel : sum + kernel;
        }

        return sum!.Values.ToArray();
    }

    /// <inheritdoc/>
    protected internal override string? Settings => string.Create(CultureInfo.InvariantCulture, $"{Gate} {Nonlinearity} kernel L2 {KernelL2:R}");

    /// <inheritdoc/>
    protected override void Build(int inputWidth)
    {
        var ranks = Experts * ProjectionDimension;
        _project = AddParameter("project", KernelInitializer, inputWidth, ranks);
        _inner = AddParameter("inner", KernelInitializer, ranks, ProjectionDimension);
        _expand = AddParameter("expand", KernelInitializer, ranks, inputWidth);
        _bias = AddParameter("bias", Initializer.Zeros, inputWidth);
        _gateKernel = AddParameter("gate_kernel", Initializer.Zeros, inputWidth, Experts);
        _gateBias = AddParameter("gate_bias", Initializer.Zeros, Experts);
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Tensor x0, Tensor x, ForwardContext context)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(context);
        foreach (var kernel in new[] { _project!, _inner!, _expand! })
        {
            context.AddL2(kernel, KernelL2);
        }

        var logits = x.MatMul(_gateKernel!) + _gateBias!;
        var gates = Gate == ExpertGate.Softmax ? logits.Softmax() : logits.Sigmoid();
        var projected = Nonlinearity.Apply(x.MatMul(_project!));
        var weighed = new Tensor[Experts];
        for (var expert = 0; expert < Experts; expert++)
        {
            var start = expert * ProjectionDimension;
            var inner = projected.Slice(-1, start, ProjectionDimension).MatMul(_inner!.Value.Slice(0, start, ProjectionDimension));
            weighed[expert] = gates.Slice(-1, expert, 1) * Nonlinearity.Apply(inner);
        }

        // Σ gateₑ · (hₑ · Uₑ + b) = [gate₁h₁ … ] · [U₁ … ] + b · Σ gateₑ.
        var bias = Gate == ExpertGate.Softmax ? _bias! : gates.Sum(-1, keepDimension: true) * _bias!;
        return (x0 * (Tensor.Concatenate(weighed).MatMul(_expand!) + bias)) + x;
    }
}
