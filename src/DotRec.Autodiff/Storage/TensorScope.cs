namespace DotRec.Autodiff;

/// <summary>
/// A stretch of code whose tensors share one lifetime: everything made between <see cref="Begin"/> and <see cref="Dispose"/> on this
/// thread gives its memory back to a pool at the end, so that a training step in a loop allocates almost nothing.
/// </summary>
/// <remarks>
/// Scopes nest. Using a tensor after its scope ended is an error that says so; <see cref="Keep"/> lets one live on. Parameters and their
/// gradients belong to no scope. Without a scope, tensors are ordinary garbage-collected objects. Being a ref struct, a scope cannot
/// cross an await, which could change the thread.
/// </remarks>
public readonly ref struct TensorScope : IDisposable
{
    private readonly ScopeFrame? _frame;
    private readonly int _number;

    private TensorScope(ScopeFrame frame)
    {
        _frame = frame;
        _number = frame.Number;
    }

    /// <summary>Starts a scope on this thread.</summary>
    public static TensorScope Begin() => new(ScopeFrame.Push());

    /// <summary>Leaves all pooled memory that is not in use to the garbage collector, for example after training.</summary>
    public static void ReleasePooledMemory() => BufferPool.ReleaseIdle();

    /// <summary>Moves a tensor of this scope, and its gradient, to the enclosing scope, or, if there is none, to the garbage collector's care.</summary>
    /// <returns>The same tensor.</returns>
    public Tensor Keep(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        _frame?.Release(tensor.Buffer);
        if (tensor.Gradient is { } gradient)
        {
            _frame?.Release(gradient.Buffer);
        }

        return tensor;
    }

    /// <summary>Ends the scope, and scopes begun inside it that are still open. A second call does nothing.</summary>
    public void Dispose()
    {
        if (_frame is not null && _frame.Number == _number)
        {
            _frame.Pop();
        }
    }
}
