using DotRec.Autodiff;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DotRec.Modeling;

/// <summary>What a layer may need to know beyond its input.</summary>
public sealed class ForwardContext
{
    private readonly ulong _seed;
    private readonly HashSet<Parameter> _penalized = [];
    private ulong _drawn;

    private ForwardContext(bool isTraining, ulong seed, TowerExport? export = null)
    {
        IsTraining = isTraining;
        Export = export;
        _seed = seed;
    }

    /// <summary>The context outside training: dropout and the like do nothing.</summary>
    public static ForwardContext Inference { get; } = new(isTraining: false, seed: 0);

    /// <summary>True in a training step.</summary>
    public bool IsTraining { get; }

    /// <summary>Sum of what layers add to the loss of a training step, per example; null when none did.</summary>
    internal Tensor? Regularization { get; private set; }

    /// <summary>Sum of the penalties on weights, to be added to the mean loss of an example; null when there are none.</summary>
    internal Tensor? WeightPenalty { get; private set; }

    /// <summary>Set while the pass is written as an ONNX graph.</summary>
    internal TowerExport? Export { get; }

    /// <summary>A fresh seed for a random choice of this step; the same step of the same run always gives the same seeds.</summary>
    public ulong NextSeed() => unchecked((_seed + (++_drawn * 0x9E3779B97F4A7C15UL)) * 0xD1342543DE82EF95UL);

    /// <summary>
    /// Adds λ/2 · |w|² to the loss of a training step, the squares of all weights of <paramref name="parameter"/>; without effect outside
    /// training. A parameter is penalised once a step, however often the step uses it.
    /// </summary>
    /// <remarks>
    /// λ is measured against the mean loss of an example: whether a task sums or averages over its batch, and how large the batch is, does
    /// not change where training ends. Keras' regularizers.l2(a) is λ = 2a there; TFRS adds it unscaled, so with a summed loss over B
    /// examples it weighs B times less. A table of which a batch uses few rows has its own, <see cref="Embedding.L2"/>.
    /// </remarks>
    /// <param name="parameter">A parameter that is no table.</param>
    /// <param name="strength">λ, 0 or positive; 0 does nothing.</param>
    /// <exception cref="ArgumentException">The parameter is a table; all its rows would have a gradient.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The strength is negative or not finite.</exception>
    public void AddL2(Parameter parameter, double strength)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        CheckedStrength(strength, nameof(strength));
        if (parameter.IsRowSparse)
        {
            throw new ArgumentException($"{parameter} is a table; penalising it would give every row a gradient. Penalise the vectors a batch uses.", nameof(parameter));
        }

        if (IsTraining && strength > 0 && _penalized.Add(parameter))
        {
            var term = HalfSquares(parameter, strength, repeats: []);
            WeightPenalty = WeightPenalty is null ? term : WeightPenalty + term;
        }
    }

    /// <summary>
    /// Adds λ/2 · |v|² for the vector v that each example of a training step uses; without effect outside training. A vector is pulled to zero as often as it
    /// is used, so frequent categories are not freer than rare ones, and only rows of the batch are touched.
    /// </summary>
    /// <param name="vectors">The vectors looked up for <paramref name="categories"/>, a row each.</param>
    /// <param name="strength">λ, 0 or positive; 0 does nothing. Measured against the mean loss of an example.</param>
    /// <param name="categories">What the vectors were looked up by: a row may stand for several examples of the batch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The strength is negative or not finite.</exception>
    public void AddL2(Tensor vectors, double strength, Categories categories)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(categories);
        CheckedStrength(strength, nameof(strength));
        if (IsTraining && strength > 0)
        {
            var term = HalfSquares(vectors, strength, categories.Repeats);
            Regularization = Regularization is null ? term : Regularization + term;
        }
    }

    internal static double CheckedStrength(double value, string name) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be 0 or positive.");

    internal static ForwardContext Training(ulong seed, long step) => new(isTraining: true, unchecked((seed * 0x2545F4914F6CDD1DUL) + (ulong)step));

    internal static ForwardContext Tracing(TowerExport export) => new(isTraining: false, seed: 0, export);

    private static Tensor HalfSquares(Tensor values, double strength, ReadOnlySpan<int> repeats)
    {
        var gradient = Tensor.Zeros(values.Shape);
        var source = values.Values;
        var target = gradient.WritableValues();
        var width = values.Shape[^1];
        double sum = 0;
        for (var row = 0; row < values.Length / width; row++)
        {
            var weight = (float)strength * (repeats.IsEmpty ? 1 : repeats[row]);
            var vector = source.Slice(row * width, width);
            TensorPrimitives.Multiply(vector, weight, target.Slice(row * width, width));
            sum += weight * TensorPrimitives.SumOfSquares(vector);
        }

        return Tensor.Precomputed((float)(sum / 2), (values, gradient));
    }
}
