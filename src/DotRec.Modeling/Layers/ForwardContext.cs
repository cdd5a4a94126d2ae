using DotRec.Autodiff;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace DotRec.Modeling;

/// <summary>What a layer may need to know beyond its input.</summary>
public sealed class ForwardContext
{
    private readonly ulong _seed;
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

    /// <summary>Set while the pass is written as an ONNX graph.</summary>
    internal TowerExport? Export { get; }

    /// <summary>A fresh seed for a random choice of this step; the same step of the same run always gives the same seeds.</summary>
    public ulong NextSeed() => unchecked((_seed + (++_drawn * 0x9E3779B97F4A7C15UL)) * 0xD1342543DE82EF95UL);

    /// <summary>Adds half of <paramref name="strength"/> times the squares of the values, a row counted as often as the batch repeats it.</summary>
    internal void AddL2(Tensor values, double strength, ReadOnlySpan<int> repeats)
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

        var term = Tensor.Precomputed((float)(sum / 2), (values, gradient));
        Regularization = Regularization is null ? term : Regularization + term;
    }

    internal static ForwardContext Training(ulong seed, long step) => new(isTraining: true, unchecked((seed * 0x2545F4914F6CDD1DUL) + (ulong)step));

    internal static ForwardContext Tracing(TowerExport export) => new(isTraining: false, seed: 0, export);
}
