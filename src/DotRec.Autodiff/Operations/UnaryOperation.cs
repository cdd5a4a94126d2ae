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
        _input.GradientTarget(out var accumulate);
        var parts = Partition.Count(_input.Length, _input.Length);
        Parallelism.For(parts, new GradientBody(this, accumulate, parts));
    }

    [SkipLocalsInit]
    private void Propagate(int start, int end, bool accumulate)
    {
        Span<float> share = stackalloc float[Chunk];
        for (; start < end; start += Chunk)
        {
            var count = Math.Min(Chunk, end - start);
            var target = _input.GradientSpan().Slice(start, count);
            var result = accumulate ? share[..count] : target;
            Gradient(_input.Values.Slice(start, count), Output.Values.Slice(start, count), OutputGradient.Slice(start, count), result);
            if (accumulate)
            {
                TensorPrimitives.Add(target, result, target);
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

    private readonly struct GradientBody(UnaryOperation operation, bool accumulate, int parts) : IParallelBody
    {
        public void Run(int part)
        {
            var (start, end) = Partition.Range(part, parts, operation._input.Length);
            operation.Propagate(start, end, accumulate);
        }
    }
}
