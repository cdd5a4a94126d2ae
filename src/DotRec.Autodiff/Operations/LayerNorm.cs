using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Autodiff;

/// <content>Layer normalization.</content>
public sealed partial class Tensor
{
    /// <summary>Shifts and scales each vector of the last axis to mean 0 and variance 1, then applies a gain and a bias.</summary>
    /// <param name="gain">Shape [D], D the last axis.</param>
    /// <param name="bias">Shape [D].</param>
    /// <param name="epsilon">Added to the variance (which divides by D).</param>
    /// <exception cref="ShapeException">Gain or bias is not [D], or this tensor is a scalar.</exception>
    /// <remarks>Source: Ba et al., 2016, "Layer Normalization".</remarks>
    public Tensor LayerNorm(Tensor gain, Tensor bias, float epsilon = 1e-5f) => new LayerNorm(this, gain, bias, epsilon).Run();
}

/// <summary>y = gain · (x − mean) / √(variance + ε) + bias along the last axis.</summary>
internal sealed class LayerNorm : Operation
{
    private readonly Tensor _input;
    private readonly Tensor _gain;
    private readonly Tensor _bias;
    private readonly float _epsilon;
    private readonly int _width;
    private readonly int _rows;

    public LayerNorm(Tensor input, Tensor gain, Tensor bias, float epsilon)
    {
        ArgumentNullException.ThrowIfNull(gain);
        ArgumentNullException.ThrowIfNull(bias);
        if (input.Rank == 0 || gain.Rank != 1 || bias.Rank != 1 || gain.Length != input.Shape[^1] || bias.Length != input.Shape[^1])
        {
            throw new ShapeException($"LayerNorm: {input.Layout} with gain {gain.Layout} and bias {bias.Layout}; gain and bias must be vectors as long as the last axis.");
        }

        (_input, _gain, _bias, _epsilon) = (input, gain, bias, epsilon);
        _width = gain.Length;
        _rows = _width == 0 ? 0 : input.Length / _width;
        OutputLayout = input.Layout;
    }

    public override int InputCount => 3;

    public override Tensor Input(int index) => index switch
    {
        0 => _input,
        1 => _gain,
        _ => _bias,
    };

    public override TracedValue Emit(OnnxTrace trace)
    {
        var input = trace.Of(_input);
        if (input.BatchAxis == OutputLayout.Rank - 1)
        {
            throw new NotSupportedException($"LayerNorm: {_input.Layout} has the batch on its last axis, the one normalised, which has no ONNX form.");
        }

        string[] inputs = [input.Name, trace.Of(_gain).Name, trace.Of(_bias).Name];
        return input with { Name = trace.Graph.Node("LayerNormalization", inputs, ("axis", -1L), ("epsilon", _epsilon)) };
    }

    protected override void Compute(Tensor output)
    {
        var parts = Partition.Count(output.Length, _rows);
        Parallelism.For(parts, new ValueBody(this, output, parts));
    }

    protected override void Propagate()
    {
        var parts = Partition.Count(_input.Length, _rows);
        var accumulate = false;
        if (_input.RequiresGradient)
        {
            _input.GradientTarget(out accumulate);
        }

        // Gain and bias get a share from every row: each part sums into memory of its own, and the parts are added in order.
        using var partial = new Scratchpad(parts * 2 * _width);
        Parallelism.For(parts, new GradientBody(this, partial.Tensor, accumulate, parts));
        for (var part = 0; part < parts; part++)
        {
            var shares = partial.Tensor.Values.Slice(part * 2 * _width, 2 * _width);
            if (_gain.RequiresGradient)
            {
                _gain.AddToGradient(shares[.._width]);
            }

            if (_bias.RequiresGradient)
            {
                _bias.AddToGradient(shares[_width..]);
            }
        }
    }

    /// <summary>(x − mean) / √(variance + ε); returns the divisor's inverse.</summary>
    private float Normalize(ReadOnlySpan<float> x, Span<float> normalized)
    {
        TensorPrimitives.Subtract(x, TensorPrimitives.Sum(x) / x.Length, normalized);
        var scale = 1f / MathF.Sqrt((TensorPrimitives.SumOfSquares<float>(normalized) / x.Length) + _epsilon);
        TensorPrimitives.Multiply(normalized, scale, normalized);
        return scale;
    }

    private void Propagate(int start, int end, Span<float> gainShare, Span<float> biasShare, bool accumulate)
    {
        gainShare.Clear();
        biasShare.Clear();
        using var scratch = new Scratchpad(2 * _width);
        var normalized = scratch.Tensor.Buffer.Span(2 * _width)[.._width];
        var inner = scratch.Tensor.Buffer.Span(2 * _width)[_width..];
        var gain = _gain.Values;
        for (var row = start; row < end; row++)
        {
            var dy = OutputGradient.Slice(row * _width, _width);
            var scale = Normalize(_input.Values.Slice(row * _width, _width), normalized);
            TensorPrimitives.MultiplyAdd(dy, normalized, gainShare, gainShare);
            TensorPrimitives.Add(biasShare, dy, biasShare);
            if (!_input.RequiresGradient)
            {
                continue;
            }

            // g = gain · dy; dx = scale · (g − mean(g) − n · mean(g · n)), n the normalised row.
            TensorPrimitives.Multiply(dy, gain, inner);
            var mean = TensorPrimitives.Sum<float>(inner) / _width;
            var slope = TensorPrimitives.Dot<float>(inner, normalized) / _width;
            TensorPrimitives.Subtract(inner, mean, inner);
            TensorPrimitives.MultiplyAdd(normalized, -slope, inner, inner);
            var dx = _input.GradientSpan().Slice(row * _width, _width);
            if (accumulate)
            {
                TensorPrimitives.MultiplyAdd(inner, scale, dx, dx);
            }
            else
            {
                TensorPrimitives.Multiply(inner, scale, dx);
            }
        }
    }

    private readonly struct ValueBody(LayerNorm operation, Tensor output, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var (start, end) = Partition.Range(part, parts, operation._rows);
            var width = operation._width;
            for (var row = start; row < end; row++)
            {
                var y = output.Buffer.Span(output.Length).Slice(row * width, width);
                operation.Normalize(operation._input.Values.Slice(row * width, width), y);
                TensorPrimitives.MultiplyAdd(y, operation._gain.Values, operation._bias.Values, y);
            }
        }
    }

    private readonly struct GradientBody(LayerNorm operation, Tensor partial, bool accumulate, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var (start, end) = Partition.Range(part, parts, operation._rows);
            var width = operation._width;
            var shares = partial.Buffer.Span(partial.Length).Slice(part * 2 * width, 2 * width);
            operation.Propagate(start, end, shares[..width], shares[width..], accumulate);
        }
    }
}
