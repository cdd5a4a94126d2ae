using System.Numerics;
using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <content>Rectifier.</content>
public sealed partial class Tensor
{
    /// <summary>max(x, 0) of every value. The gradient at 0 is 0.</summary>
    public Tensor Relu() => new Relu(this).Run();
}

/// <summary>y = max(x, 0).</summary>
internal sealed class Relu(Tensor input) : UnaryOperation(input)
{
    protected override void Value(ReadOnlySpan<float> x, Span<float> y) => TensorPrimitives.Max(x, 0f, y);

    protected override void Gradient(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx)
    {
        var i = 0;
        for (; i <= x.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var isActive = Vector.GreaterThan(new Vector<float>(y[i..]), Vector<float>.Zero);
            Vector.ConditionalSelect(isActive, new Vector<float>(dy[i..]), Vector<float>.Zero).CopyTo(dx[i..]);
        }

        for (; i < x.Length; i++)
        {
            dx[i] = y[i] > 0 ? dy[i] : 0;
        }
    }
}
