using System.Numerics.Tensors;
using DotRec.Kernels;

namespace DotRec.Autodiff;

/// <content>Causal self-attention.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Attention of each position to those before it in its sequence and to itself. This tensor holds query, key and value of every position side by side,
    /// [P, 3·D], the sequences one after another; the result is [P, D].
    /// </summary>
    /// <param name="offsets">Sequence s has the rows offsets[s] … offsets[s + 1] − 1: the first is 0, the last P, none falls. The memory is kept, not copied.</param>
    /// <param name="heads">Heads H that share D evenly; each has its own weights, and logits divided by √(D/H).</param>
    /// <exception cref="ShapeException">The tensor has not two axes, or its width is no multiple of 3·H.</exception>
    /// <exception cref="ArgumentException">The offsets do not describe the rows.</exception>
    /// <remarks>
    /// Sources: Vaswani et al., 2017, "Attention Is All You Need"; computed by tiles as in Dao, 2023, "FlashAttention-2". No padding: the cost follows the pairs
    /// of positions that see each other. It has no ONNX form, because a graph's sequences are padded.
    /// </remarks>
    public Tensor CausalAttention(ReadOnlyMemory<int> offsets, int heads = 1) => new CausalAttention(this, offsets, heads, default).Run();

    /// <summary>The same, where a training step leaves some attention weights out and divides the others by 1 − rate.</summary>
    /// <param name="offsets">Sequence s has the rows offsets[s] … offsets[s + 1] − 1: the first is 0, the last P, none falls. The memory is kept, not copied.</param>
    /// <param name="heads">Heads H that share D evenly.</param>
    /// <param name="dropout">Probability that a weight is left out, at least 0 and less than 1.</param>
    /// <param name="seed">The same seed leaves the same weights out, at any thread count. Give each step and layer its own.</param>
    /// <param name="isTraining">False at inference: nothing is left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not in [0, 1).</exception>
    /// <inheritdoc cref="CausalAttention(ReadOnlyMemory{int}, int)"/>
    public Tensor CausalAttention(ReadOnlyMemory<int> offsets, int heads, float dropout, ulong seed, bool isTraining)
    {
        if (!(dropout is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(dropout), dropout, "CausalAttention: the dropout must be at least 0 and less than 1.");
        }

        return new CausalAttention(this, offsets, heads, isTraining ? new AttentionDropout(dropout, seed) : default).Run();
    }
}

/// <summary>oᵢ = Σ over j ≤ i of softmax(qᵢ·kⱼ/√d)·vⱼ inside each sequence, for each head.</summary>
internal sealed class CausalAttention : Operation
{
    private readonly Tensor _input;
    private readonly ReadOnlyMemory<int> _offsets;
    private readonly int _heads;
    private readonly int _dimension;
    private readonly AttentionDropout _dropout;
    private Tensor? _logSums;

    public CausalAttention(Tensor input, ReadOnlyMemory<int> offsets, int heads, AttentionDropout dropout)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heads);
        if (input.Rank != 2 || input.Shape[1] == 0 || input.Shape[1] % (3 * heads) != 0)
        {
            throw new ShapeException(
                $"CausalAttention: {input.Layout} with {heads} heads; two axes were expected, [positions, 3·D], D a multiple of the heads.");
        }

        (_input, _offsets, _heads, _dimension, _dropout) = (input, offsets, heads, input.Shape[1] / 3, dropout);
        Batch.Check();
        OutputLayout = new TensorShape([input.Shape[0], _dimension]);
    }

    public override int InputCount => 1;

    private CausalAttentionBatch Batch => new()
    {
        QueriesKeysValues = _input.Values,
        Offsets = _offsets.Span,
        Dimension = _dimension,
        Heads = _heads,
        Dropout = _dropout,
    };

    public override Tensor Input(int index) => _input;

    public override TracedValue Emit(OnnxTrace trace) => throw new NotSupportedException(
        "CausalAttention has no ONNX form: here sequences lie one after another, in a graph they are padded. Write the graph's attention yourself.");

    protected override void Compute(Tensor output)
    {
        _logSums = Tensor.New(new TensorShape([OutputLayout[0], _heads]));
        CausalAttentionKernels.Compute(Batch, output.Buffer.Span(output.Length), _logSums.Buffer.Span(_logSums.Length));
    }

    protected override void Propagate()
    {
        var target = _input.GradientTarget(out var accumulate);
        if (!accumulate)
        {
            CausalAttentionKernels.Differentiate(Batch, Output.Values, _logSums!.Values, OutputGradient, target);
            return;
        }

        using var share = new Scratchpad(_input.Length);
        var values = share.Tensor.Buffer.Span(_input.Length);
        CausalAttentionKernels.Differentiate(Batch, Output.Values, _logSums!.Values, OutputGradient, values);
        TensorPrimitives.Add(target, values, target);
    }
}
