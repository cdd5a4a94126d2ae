using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DotRec.Kernels;

namespace DotRec.Autodiff;

/// <content>Dropout.</content>
public sealed partial class Tensor
{
    /// <summary>
    /// Sets each value to zero with probability <paramref name="rate"/> and divides the others by 1 − rate, so that the mean stays
    /// (inverted dropout). Returns this tensor when not training, and always in an ONNX trace.
    /// </summary>
    /// <param name="rate">Probability of zero, at least 0 and less than 1.</param>
    /// <param name="seed">The same seed drops the same values, at any thread count. Give each step and layer its own.</param>
    /// <param name="isTraining">False at inference.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not in [0, 1).</exception>
    /// <remarks>Source: Srivastava et al., 2014, "Dropout: A Simple Way to Prevent Neural Networks from Overfitting".</remarks>
    public Tensor Dropout(float rate, ulong seed, bool isTraining)
    {
        if (!(rate is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(rate), rate, "Dropout: the rate must be at least 0 and less than 1.");
        }

        return isTraining && rate > 0 && !OnnxTrace.IsRecording ? new Dropout(this, rate, seed).Run() : this;
    }
}

/// <summary>y = x · k / (1 − rate), k drawn from {0, 1}. The draws are repeated in the backward pass, not stored.</summary>
internal sealed class Dropout : Operation
{
    /// <summary>Values that share one stream of random numbers; fixed, so that the result depends on the seed alone.</summary>
    private const int Block = 1 << 15;
    private const int Lanes = 16;

    private readonly Tensor _input;
    private readonly SeededRandom _random;
    private readonly uint _threshold;
    private readonly float _scale;

    public Dropout(Tensor input, float rate, ulong seed)
    {
        _input = input;
        _random = new SeededRandom(seed);
        _threshold = (uint)(rate * 4294967296.0);
        _scale = 1f / (1f - rate);
        OutputLayout = input.Layout;
    }

    public override int InputCount => 1;

    private int BlockCount => (_input.Length + Block - 1) / Block;

    public override Tensor Input(int index) => _input;

    public override TracedValue Emit(OnnxTrace trace) => throw new InvalidOperationException("Dropout is never recorded in a trace.");

    protected override void Compute(Tensor output) => Parallelism.For(BlockCount, new ValueBody(this, output));

    protected override void Propagate()
    {
        _input.GradientTarget(out var accumulate);
        Parallelism.For(BlockCount, new GradientBody(this, accumulate));
    }

    /// <summary>target = kept · source, or target += kept · source, for one block.</summary>
    [SkipLocalsInit]
    private void Apply(int block, ReadOnlySpan<float> source, Span<float> target, bool accumulate)
    {
        var random = new RandomLanes(_random.Stream((ulong)block));
        var start = block * Block;
        var from = source[start..Math.Min(start + Block, source.Length)];
        var to = target.Slice(start, from.Length);
        var whole = from.Length - (from.Length % Lanes);
        for (var i = 0; i < whole; i += Lanes)
        {
            var kept = Keep(Vector512.Create(from.Slice(i, Lanes)), random.NextBits());
            (accumulate ? kept + Vector512.Create<float>(to.Slice(i, Lanes)) : kept).CopyTo(to.Slice(i, Lanes));
        }

        if (whole < from.Length)
        {
            Span<float> last = stackalloc float[Lanes];
            last.Clear();
            from[whole..].CopyTo(last);
            Keep(Vector512.Create<float>(last), random.NextBits()).CopyTo(last);
            for (var i = whole; i < from.Length; i++)
            {
                to[i] = accumulate ? to[i] + last[i - whole] : last[i - whole];
            }
        }
    }

    // Each draw of 64 bits serves two values.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Keep(Vector512<float> values, Vector512<ulong> bits) =>
        Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(bits.AsUInt32(), Vector512.Create(_threshold)).AsSingle(), values * _scale, Vector512<float>.Zero);

    private readonly struct ValueBody(Dropout operation, Tensor output) : IParallelBody
    {
        public void Run(int part) => operation.Apply(part, operation._input.Values, output.Buffer.Span(output.Length), accumulate: false);
    }

    private readonly struct GradientBody(Dropout operation, bool accumulate) : IParallelBody
    {
        public void Run(int part) => operation.Apply(part, operation.OutputGradient, operation._input.GradientSpan(), accumulate);
    }
}
