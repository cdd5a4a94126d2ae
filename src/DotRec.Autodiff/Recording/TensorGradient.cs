using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <content>Gradients: where they are kept and how a backward pass starts.</content>
public sealed partial class Tensor
{
    private Tensor? _gradient;
    private bool _hasGradient;

    /// <summary>
    /// The gradient that <see cref="Backward()"/> left, of this tensor's shape; null if none reached it. Results of operations keep
    /// none: only given tensors and parameters do. Several backward passes add up.
    /// </summary>
    public Tensor? Gradient => _hasGradient ? _gradient : null;

    internal bool HasGradient => _hasGradient;

    /// <summary>Computes the gradient of this scalar with respect to every tensor and parameter it was computed from that requires one.</summary>
    /// <exception cref="InvalidOperationException">
    /// This tensor is no scalar, requires no gradient, was already walked, or relies on values written over since.
    /// </exception>
    public void Backward()
    {
        if (Length != 1)
        {
            throw new InvalidOperationException(
                $"Backward starts at a scalar, but this tensor has shape {_layout}. Reduce it with Sum or Mean, or give the gradient: Backward((tensor, gradient)).");
        }

        BackwardPass.Run(this);
    }

    /// <summary>
    /// Starts from gradients already known, one for each output: for losses that compute their own gradients. All seeds are one pass.
    /// </summary>
    /// <param name="seeds">Outputs and the loss's gradient with respect to them, row-major.</param>
    /// <exception cref="ShapeException">A gradient has another length than its output.</exception>
    /// <exception cref="InvalidOperationException">As for <see cref="Backward()"/>.</exception>
    public static void Backward(params ReadOnlySpan<(Tensor Output, ReadOnlyMemory<float> Gradient)> seeds) => BackwardPass.Run(seeds);

    /// <summary>Forgets the gradient; its memory is kept for the next one.</summary>
    public void ClearGradient() => _hasGradient = false;

    /// <summary>The gradient's memory, after <see cref="GradientTarget"/> made it.</summary>
    internal Tensor GradientTensor => _gradient!;

    internal Span<float> GradientSpan() => _gradient!.Buffer.Span(Length);

    /// <summary>Where to write this tensor's gradient.</summary>
    /// <param name="accumulate">False: write over what is there. True: add to it.</param>
    internal Span<float> GradientTarget(out bool accumulate)
    {
        accumulate = _hasGradient;
        if (_gradient is null)
        {
            // Intermediate gradients live only during the pass; a given tensor's or parameter's lives as long as itself.
            var memory = Producer is not null ? BufferPool.Rent(Length) : ScopeFrame.AllocateBeside(_buffer, Length);
            _gradient = new Tensor(memory, _layout);
        }

        _hasGradient = true;
        return _gradient.Buffer.Span(Length);
    }

    /// <summary>
    /// Makes the gradient memory of this operation's result the gradient memory of <paramref name="input"/>, when the input has none yet
    /// and needs none of its own: saves a pass over memory where the gradient flows on unchanged or is computed in place.
    /// </summary>
    /// <returns>False if the input needs memory of its own.</returns>
    internal bool TryHandGradientTo(Tensor input)
    {
        if (input._hasGradient || input.Producer is null || input.Length != Length)
        {
            return false;
        }

        input._gradient = new Tensor(_gradient!.Buffer, input._layout);
        input._hasGradient = true;
        _gradient = null;
        _hasGradient = false;
        return true;
    }

    /// <summary>Adds <paramref name="share"/> times <paramref name="factor"/> to the gradient.</summary>
    internal void AddToGradient(ReadOnlySpan<float> share, float factor = 1)
    {
        var target = GradientTarget(out var accumulate);
        if (accumulate)
        {
            TensorPrimitives.MultiplyAdd(share, factor, target, target);
        }
        else
        {
            TensorPrimitives.Multiply(share, factor, target);
        }
    }

    /// <summary>Gives an intermediate gradient's memory back.</summary>
    internal void DropGradient()
    {
        if (_gradient is not null && Producer is not null)
        {
            BufferPool.Return(_gradient.Buffer);
            _gradient = null;
            _hasGradient = false;
        }
    }
}
