using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <summary>An operation of one tensor, value by value. It works on chunks that stay in the first-level cache.</summary>
internal abstract class UnaryOperation : Operation
{
    private const int Chunk = 2048;
    private readonly Tensor _input;

    protected UnaryOperation(Tensor input)
    {
        _input = input;
        OutputLayout = input.Layout;
    }

    public override int InputCount => 1;

    public override Tensor Input(int index) => _input;

    /// <summary>y = f(x).</summary>
    protected abstract void Value(ReadOnlySpan<float> x, Span<float> y);

    /// <summary>dx = dy · f'(x), given also y = f(x).</summary>
    protected abstract void Gradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx);

    protected override void Compute(Span<float> output) => Value(_input.Values, output);

    protected override void Propagate()
    {
        Span<float> share = stackalloc float[Chunk];
        var x = _input.Values;
        var y = Output.Values;
        var dy = OutputGradient;
        var dx = _input.GradientTarget(out var accumulate);
        for (var start = 0; start < x.Length; start += Chunk)
        {
            var count = Math.Min(Chunk, x.Length - start);
            var target = dx.Slice(start, count);
            if (!accumulate)
            {
                Gradient(x.Slice(start, count), y.Slice(start, count), dy.Slice(start, count), target);
                continue;
            }

            Gradient(x.Slice(start, count), y.Slice(start, count), dy.Slice(start, count), share[..count]);
            TensorPrimitives.Add(target, share[..count], target);
        }
    }
}
