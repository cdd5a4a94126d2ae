using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Autodiff;

/// <content>Means over what came before.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// At each position the mean of the rows of its sequence up to itself, of which each step back counts a factor less: Σ over j ≤ i of γ^(i−j)·xⱼ, divided by
    /// the sum of the factors. This tensor is [P, D], the sequences one after another, and so is the result.
    /// </summary>
    /// <param name="offsets">Sequence s has the rows offsets[s] … offsets[s + 1] − 1: the first is 0, the last P, none falls. The memory is kept, not copied.</param>
    /// <param name="decay">γ, at least 0 and at most 1: 1 for the plain mean.</param>
    /// <exception cref="ShapeException">The tensor has not two axes.</exception>
    /// <exception cref="ArgumentException">The offsets do not describe the rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The decay is not in [0, 1].</exception>
    /// <remarks>About 3·D operations a position. It has no ONNX form, because a graph's sequences are padded.</remarks>
    public Tensor DecayedMean(ReadOnlyMemory<int> offsets, float decay = 1) => new DecayedMean(this, offsets, decay).Run();
}

/// <summary>yᵢ = Σ over j ≤ i of γ^(i−j)·xⱼ / Σ over j ≤ i of γ^(i−j) inside each sequence, by one recurrence a sequence.</summary>
internal sealed class DecayedMean : Operation
{
    private readonly Tensor _input;
    private readonly ReadOnlyMemory<int> _offsets;
    private readonly float _decay;
    private readonly int _width;

    public DecayedMean(Tensor input, ReadOnlyMemory<int> offsets, float decay)
    {
        if (input.Rank != 2)
        {
            throw new ShapeException($"DecayedMean: {input.Layout}; two axes were expected, [positions, D].");
        }

        if (!(decay is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(decay), decay, "DecayedMean: the decay must be at least 0 and at most 1.");
        }

        SequenceOffsets.Lengths(offsets.Span, input.Shape[0]);
        (_input, _offsets, _decay, _width) = (input, offsets, decay, input.Shape[1]);
        OutputLayout = input.Layout;
    }

    public override int InputCount => 1;

    private int SequenceCount => _offsets.Length - 1;

    private int PartCount => Partition.Count(_input.Length, SequenceCount);

    public override Tensor Input(int index) => _input;

    public override TracedValue Emit(OnnxTrace trace) => throw new NotSupportedException(
        "DecayedMean has no ONNX form: here sequences lie one after another, in a graph they are padded. Write the graph's sums yourself.");

    protected override void Compute(Tensor output) => Parallelism.For(PartCount, new ValueBody(this, output, PartCount));

    protected override void Propagate()
    {
        _input.GradientTarget(out var accumulate);
        Parallelism.For(PartCount, new GradientBody(this, accumulate, PartCount));
    }

    private readonly struct ValueBody(DecayedMean operation, Tensor output, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var (start, end) = Partition.Range(part, parts, operation.SequenceCount);
            var d = operation._width;
            var offsets = operation._offsets.Span;
            var x = operation._input.Values;
            var y = output.Buffer.Span(output.Length);
            for (var sequence = start; sequence < end; sequence++)
            {
                // As a running mean: y += (x − y) / weight, of which the weight before was decayed.
                var weight = 0f;
                for (var position = offsets[sequence]; position < offsets[sequence + 1]; position++)
                {
                    weight = (weight * operation._decay) + 1;
                    var mean = y.Slice(position * d, d);
                    if (weight == 1)
                    {
                        x.Slice(position * d, d).CopyTo(mean);
                        continue;
                    }

                    var before = y.Slice((position - 1) * d, d);
                    TensorPrimitives.Subtract(x.Slice(position * d, d), before, mean);
                    TensorPrimitives.MultiplyAdd(mean, 1 / weight, before, mean);
                }
            }
        }
    }

    private readonly struct GradientBody(DecayedMean operation, bool accumulate, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var (start, end) = Partition.Range(part, parts, operation.SequenceCount);
            var d = operation._width;
            var offsets = operation._offsets.Span;
            var dy = operation.OutputGradient;
            var dx = operation._input.GradientSpan();
            using var scratch = new Scratchpad(d);
            var share = scratch.Tensor.Buffer.Span(d);
            for (var sequence = start; sequence < end; sequence++)
            {
                var (first, last) = (offsets[sequence], offsets[sequence + 1] - 1);
                var weights = new float[Math.Max(0, last + 1 - first)];
                for (var i = 0; i < weights.Length; i++)
                {
                    weights[i] = i == 0 ? 1 : (weights[i - 1] * operation._decay) + 1;
                }

                // share = Σ over i ≥ j of γ^(i−j)·dyᵢ / weightᵢ, from the end.
                share.Clear();
                for (var position = last; position >= first; position--)
                {
                    TensorPrimitives.Multiply(share, operation._decay, share);
                    TensorPrimitives.MultiplyAdd(dy.Slice(position * d, d), 1 / weights[position - first], share, share);
                    var target = dx.Slice(position * d, d);
                    if (accumulate)
                    {
                        TensorPrimitives.Add(target, share, target);
                    }
                    else
                    {
                        share.CopyTo(target);
                    }
                }
            }
        }
    }
}
