using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Autodiff;

/// <content>Gated recurrent unit.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// States of a gated recurrent unit after each position of its sequence. This tensor holds what the inputs add to reset gate, update gate and new state of
    /// every position side by side, [P, 3·D], the sequences one after another; the result is [P, D]. From zeros at the start of a sequence,
    /// r = σ(xᵣ + h·Uᵣ), z = σ(x_z + h·U_z), n = tanh(xₙ + r∘(h·Uₙ + b)), h' = (1 − z)∘n + z∘h.
    /// </summary>
    /// <param name="weights">Uᵣ, U_z and Uₙ side by side, [D, 3·D].</param>
    /// <param name="bias">b, [D]: the one bias that cannot be part of what the inputs add.</param>
    /// <param name="offsets">Sequence s has the rows offsets[s] … offsets[s + 1] − 1: the first is 0, the last P, none falls. The memory is kept, not copied.</param>
    /// <exception cref="ShapeException">Shapes do not fit together.</exception>
    /// <exception cref="ArgumentException">The offsets do not describe the rows.</exception>
    /// <remarks>
    /// Source: Cho et al., 2014, "Learning Phrase Representations using RNN Encoder-Decoder", with the reset gate behind the product, as cuDNN, PyTorch and ONNX
    /// (linear_before_reset) have it. No padding: sequences are sorted by length and some step together, so that a step is one product. About 18·D² operations a
    /// position with the backward pass. It has no ONNX form, because a graph's sequences are padded.
    /// </remarks>
    public Tensor GatedRecurrence(Tensor weights, Tensor bias, ReadOnlyMemory<int> offsets) => new GatedRecurrence(this, weights, bias, offsets).Run();
}

/// <summary>h' = (1 − z)∘n + z∘h inside each sequence.</summary>
internal sealed class GatedRecurrence : Operation
{
    /// <summary>Sequences that step together: fixed, so that the sums do not depend on the number of threads.</summary>
    private const int SequencesPerGroup = 16;

    private readonly Tensor _input;
    private readonly Tensor _weights;
    private readonly Tensor _bias;
    private readonly ReadOnlyMemory<int> _offsets;
    private readonly int _width;
    private readonly int[] _order;

    // [P, 4·D]: r, z, n and h·Uₙ + b of every position, for the backward pass.
    private Tensor? _gates;

    public GatedRecurrence(Tensor input, Tensor weights, Tensor bias, ReadOnlyMemory<int> offsets)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(bias);
        var d = bias.Length;
        if (d == 0 || input.Rank != 2 || bias.Rank != 1 || weights.Rank != 2 || input.Shape[1] != 3 * d || weights.Shape[0] != d || weights.Shape[1] != 3 * d)
        {
            throw new ShapeException(
                $"GatedRecurrence: {input.Layout} with weights {weights.Layout} and bias {bias.Layout}; [positions, 3·D] with [D, 3·D] and [D] were expected.");
        }

        // Longest first; equal ones in their order.
        (_input, _weights, _bias, _offsets, _width) = (input, weights, bias, offsets, d);
        var lengths = SequenceOffsets.Lengths(offsets.Span, input.Shape[0]);
        _order = [.. Enumerable.Range(0, lengths.Length).Where(s => lengths[s] > 0).OrderByDescending(s => lengths[s])];
        OutputLayout = new TensorShape([input.Shape[0], d]);
    }

    public override int InputCount => 3;

    private int GroupCount => (_order.Length + SequencesPerGroup - 1) / SequencesPerGroup;

    public override Tensor Input(int index) => index switch
    {
        0 => _input,
        1 => _weights,
        _ => _bias,
    };

    public override TracedValue Emit(OnnxTrace trace) => throw new NotSupportedException(
        "GatedRecurrence has no ONNX form: here sequences lie one after another, in a graph they are padded. Write the graph's GRU yourself.");

    protected override void Compute(Tensor output)
    {
        _gates = Tensor.New(new TensorShape([OutputLayout[0], 4 * _width]));
        Parallelism.For(GroupCount, new ValueBody(this, output));
    }

    protected override void Propagate()
    {
        // What flows back to the inputs of the gates, [P, 3·D], is the gradient of this operation's input too.
        var positions = OutputLayout[0];
        using var slopes = new Scratchpad(positions * 3 * _width);
        using var inner = new Scratchpad(positions * _width);
        Parallelism.For(GroupCount, new GradientBody(this, slopes.Tensor, inner.Tensor));
        var gradient = slopes.Tensor.Buffer.Span(positions * 3 * _width);
        if (_input.RequiresGradient)
        {
            _input.AddToGradient(gradient);
        }

        // The product h·Uₙ is reached through r: its slope takes the place of that of xₙ from here on.
        var products = inner.Tensor.Buffer.Span(positions * _width);
        for (var position = 0; position < positions; position++)
        {
            products.Slice(position * _width, _width).CopyTo(gradient.Slice(((position * 3) + 2) * _width, _width));
        }

        if (_weights.RequiresGradient)
        {
            using var before = new Scratchpad(positions * _width);
            var states = before.Tensor.Buffer.Span(positions * _width);
            WriteStatesBefore(states);
            var target = _weights.GradientTarget(out var accumulate);
            GemmKernels.Multiply(true, false, _width, 3 * _width, positions, states, _width, gradient, 3 * _width, target, 3 * _width, accumulate);
        }

        if (_bias.RequiresGradient)
        {
            var sum = new float[_width];
            for (var position = 0; position < positions; position++)
            {
                TensorPrimitives.Add(sum, products.Slice(position * _width, _width), sum);
            }

            _bias.AddToGradient(sum);
        }
    }

    private void WriteStatesBefore(Span<float> states)
    {
        states.Clear();
        var offsets = _offsets.Span;
        foreach (var sequence in _order)
        {
            var (first, end) = (offsets[sequence], offsets[sequence + 1]);
            Output.Values[(first * _width)..((end - 1) * _width)].CopyTo(states[((first + 1) * _width)..]);
        }
    }

    // Sequences of a group that have a position at a step: the first ones, being the longest.
    private int CountAt(ReadOnlySpan<int> group, int step)
    {
        var offsets = _offsets.Span;
        var count = group.Length;
        while (count > 0 && offsets[group[count - 1] + 1] - offsets[group[count - 1]] <= step)
        {
            count--;
        }

        return count;
    }

    private ReadOnlySpan<int> Group(int part) => _order.AsSpan(part * SequencesPerGroup, Math.Min(SequencesPerGroup, _order.Length - (part * SequencesPerGroup)));

    private int LengthOf(int sequence) => _offsets.Span[sequence + 1] - _offsets.Span[sequence];

    private readonly struct ValueBody(GatedRecurrence operation, Tensor output) : IParallelBody
    {
        public void Run(int part)
        {
            var d = operation._width;
            var group = operation.Group(part);
            using var scratch = new Scratchpad(group.Length * 4 * d);
            var memory = scratch.Tensor.Buffer.Span(group.Length * 4 * d);
            var states = memory[..(group.Length * d)];
            var products = memory[(group.Length * d)..];
            states.Clear();
            for (var step = 0; step < operation.LengthOf(group[0]); step++)
            {
                var count = operation.CountAt(group, step);
                GemmKernels.Multiply(false, false, count, 3 * d, d, states, d, operation._weights.Values, 3 * d, products, 3 * d);
                for (var i = 0; i < count; i++)
                {
                    Step(operation._offsets.Span[group[i]] + step, states.Slice(i * d, d), products.Slice(i * 3 * d, 3 * d));
                }
            }
        }

        private void Step(int position, Span<float> state, ReadOnlySpan<float> product)
        {
            var d = operation._width;
            var x = operation._input.Values.Slice(position * 3 * d, 3 * d);
            var gates = operation._gates!.Buffer.Span(operation._gates.Length).Slice(position * 4 * d, 4 * d);
            var open = gates[..(2 * d)];
            var n = gates.Slice(2 * d, d);
            var inner = gates[(3 * d)..];
            TensorPrimitives.Add(x[..(2 * d)], product[..(2 * d)], open);
            TensorPrimitives.Sigmoid(open, open);
            TensorPrimitives.Add(product[(2 * d)..], operation._bias.Values, inner);
            TensorPrimitives.MultiplyAdd(inner, open[..d], x[(2 * d)..], n);
            TensorPrimitives.Tanh(n, n);

            // n + z∘(h − n)
            TensorPrimitives.Subtract(state, n, state);
            TensorPrimitives.MultiplyAdd(state, open[d..], n, state);
            state.CopyTo(output.Buffer.Span(output.Length).Slice(position * d, d));
        }
    }

    private readonly struct GradientBody(GatedRecurrence operation, Tensor slopes, Tensor inner) : IParallelBody
    {
        public void Run(int part)
        {
            var d = operation._width;
            var group = operation.Group(part);
            using var scratch = new Scratchpad(group.Length * 4 * d);
            var memory = scratch.Tensor.Buffer.Span(group.Length * 4 * d);

            // What later positions add to the gradient of a state.
            var later = memory[..(group.Length * d)];
            var packed = memory[(group.Length * d)..];
            later.Clear();
            for (var step = operation.LengthOf(group[0]) - 1; step >= 0; step--)
            {
                var count = operation.CountAt(group, step);
                for (var i = 0; i < count; i++)
                {
                    Step(operation._offsets.Span[group[i]] + step, isFirst: step == 0, later.Slice(i * d, d), packed.Slice(i * 3 * d, 3 * d));
                }

                // Through the gates, to the state before; directly, it is in "later" already.
                GemmKernels.Multiply(false, true, count, d, 3 * d, packed, 3 * d, operation._weights.Values, 3 * d, later, d, accumulate: true);
            }
        }

        private void Step(int position, bool isFirst, Span<float> later, Span<float> packed)
        {
            var d = operation._width;
            var gates = operation._gates!.Values.Slice(position * 4 * d, 4 * d);
            var r = gates[..d];
            var z = gates.Slice(d, d);
            var n = gates.Slice(2 * d, d);
            var slope = slopes.Buffer.Span(slopes.Length).Slice(position * 3 * d, 3 * d);
            var dr = slope[..d];
            var dz = slope.Slice(d, d);
            var dn = slope[(2 * d)..];
            var target = inner.Buffer.Span(inner.Length).Slice(position * d, d);
            TensorPrimitives.Add(later, operation.OutputGradient.Slice(position * d, d), later);

            // dz = dh∘(h − n)∘z∘(1 − z), h the state before.
            if (isFirst)
            {
                TensorPrimitives.Negate(n, dz);
            }
            else
            {
                TensorPrimitives.Subtract(operation.Output.Values.Slice((position - 1) * d, d), n, dz);
            }

            TensorPrimitives.Multiply(dz, later, dz);
            TensorPrimitives.Multiply(dz, z, dz);
            TensorPrimitives.Subtract(1f, z, dn);
            TensorPrimitives.Multiply(dz, dn, dz);

            // dn = dh∘(1 − z)∘(1 − n²)
            TensorPrimitives.Multiply(dn, later, dn);
            TensorPrimitives.Multiply(n, n, target);
            TensorPrimitives.Subtract(1f, target, target);
            TensorPrimitives.Multiply(dn, target, dn);

            // dr = dn∘(h·U + b)∘r∘(1 − r); the product has dn∘r.
            TensorPrimitives.Multiply(dn, r, target);
            TensorPrimitives.Subtract(1f, r, dr);
            TensorPrimitives.Multiply(dr, target, dr);
            TensorPrimitives.Multiply(dr, gates[(3 * d)..], dr);
            slope[..(2 * d)].CopyTo(packed);
            target.CopyTo(packed[(2 * d)..]);
            TensorPrimitives.Multiply(later, z, later);
        }
    }
}
