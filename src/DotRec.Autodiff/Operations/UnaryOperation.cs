using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using DotRec.Kernels;

namespace DotRec.Autodiff;

/// <summary>An operation of one tensor, value by value. It works on chunks that stay in the first-level cache, on several threads when large.</summary>
internal abstract class UnaryOperation : Operation
{
    private const int Chunk = 2048;
    private readonly Tensor _input;

    protected UnaryOperation(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _input = input;
        OutputLayout = input.Layout;
    }

    public override int InputCount => 1;

    /// <summary>The ONNX operator, if its name differs.</summary>
    protected virtual string OnnxType => Name;

    public override Tensor Input(int index) => _input;

    public override TracedValue Emit(OnnxTrace trace)
    {
        var input = trace.Of(_input);
        return input with { Name = trace.Graph.Node(OnnxType, [input.Name]) };
    }

    /// <summary>y = f(x).</summary>
    protected abstract void Value(ReadOnlySpan<float> x, Span<float> y);

    /// <summary>dx = dy · f'(x), given also y = f(x).</summary>
    protected abstract void Gradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx);

    protected override void Compute(Tensor output)
    {
        var parts = Partition.Count(output.Length, output.Length);
        Parallelism.For(parts, new ValueBody(this, output, parts));
    }

    protected override void Propagate()
    {
        var gradient = Output.GradientTensor;
        var accumulate = false;
        if (!Output.TryHandGradientTo(_input))
        {
            _input.GradientTarget(out accumulate);
        }

        var parts = Partition.Count(_input.Length, _input.Length);
        Parallelism.For(parts, new GradientBody(this, gradient, accumulate, parts));
    }

    [SkipLocalsInit]
    private void Propagate(ReadOnlySpan<float> dy, int start, int end, bool accumulate)
    {
        // The target may be the memory of dy: the share goes through the cache first.
        Span<float> memory = stackalloc float[Chunk];
        var x = _input.Values;
        var y = Output.Values;
        var dx = _input.GradientSpan();
        for (; start < end; start += Chunk)
        {
            var count = Math.Min(Chunk, end - start);
            var share = memory[..count];
            Gradient(x.Slice(start, count), y.Slice(start, count), dy.Slice(start, count), share);
            var target = dx.Slice(start, count);
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

    private readonly struct ValueBody(UnaryOperation operation, Tensor output, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var (start, end) = Partition.Range(part, parts, output.Length);
            for (; start < end; start += Chunk)
            {
                var count = Math.Min(Chunk, end - start);
                operation.Value(operation._input.Values.Slice(start, count), output.Buffer.Span(output.Length).Slice(start, count));
            }
        }
    }

    private readonly struct GradientBody(UnaryOperation operation, Tensor gradient, bool accumulate, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var (start, end) = Partition.Range(part, parts, operation._input.Length);
            operation.Propagate(gradient.Values, start, end, accumulate);
        }
    }
}
