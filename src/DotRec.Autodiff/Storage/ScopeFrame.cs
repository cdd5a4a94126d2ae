namespace DotRec.Autodiff;

/// <summary>The buffers of one open scope. Frames are kept per thread and used again.</summary>
internal sealed class ScopeFrame
{
    [ThreadStatic]
    private static ScopeFrame? _current;

    [ThreadStatic]
    private static ScopeFrame? _idle;

    private readonly List<TensorBuffer> _buffers = [];
    private ScopeFrame? _next;

    private ScopeFrame()
    {
    }

    /// <summary>Grows each time the frame ends, so that an old scope cannot end a newer one.</summary>
    public int Number { get; private set; }

    public static ScopeFrame Push()
    {
        var frame = _idle ?? new ScopeFrame();
        _idle = frame._next;
        frame._next = _current;
        _current = frame;
        return frame;
    }

    /// <summary>Memory for a new tensor: pooled inside a scope, the garbage collector's outside.</summary>
    public static TensorBuffer Allocate(int length) => Allocate(length, _current);

    /// <summary>Memory that lives as long as <paramref name="neighbour"/>.</summary>
    public static TensorBuffer AllocateBeside(TensorBuffer neighbour, int length) => Allocate(length, neighbour.Owner);

    /// <summary>Hands a buffer of this scope to the enclosing scope or, without one, to the garbage collector.</summary>
    public void Release(TensorBuffer buffer)
    {
        if (buffer.Owner != this)
        {
            return;
        }

        _buffers.Remove(buffer);
        if (_next is null)
        {
            buffer.Owner = null;
            BufferPool.Forget(buffer);
        }
        else
        {
            _next.Add(buffer);
        }
    }

    public void Pop()
    {
        while (_current is { } frame)
        {
            _current = frame._next;
            frame.End();
            if (frame == this)
            {
                return;
            }
        }
    }

    private static TensorBuffer Allocate(int length, ScopeFrame? owner)
    {
        if (owner is null)
        {
            return new TensorBuffer(length);
        }

        var buffer = BufferPool.Rent(length);
        owner.Add(buffer);
        return buffer;
    }

    private void Add(TensorBuffer buffer)
    {
        buffer.Owner = this;
        _buffers.Add(buffer);
    }

    private void End()
    {
        Number++;
        foreach (var buffer in _buffers)
        {
            buffer.Owner = null;
            BufferPool.Return(buffer);
        }

        _buffers.Clear();
        _next = _idle;
        _idle = this;
    }
}
