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
    public static TensorBuffer Allocate(int length)
    {
        if (_current is null)
        {
            return new TensorBuffer(length);
        }

        var buffer = BufferPool.Rent(length);
        _current._buffers.Add(buffer);
        return buffer;
    }

    /// <summary>Hands a buffer to the enclosing scope.</summary>
    public void Release(TensorBuffer buffer)
    {
        if (_buffers.Remove(buffer))
        {
            _next?._buffers.Add(buffer);
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

    private void End()
    {
        Number++;
        foreach (var buffer in _buffers)
        {
            BufferPool.Return(buffer);
        }

        _buffers.Clear();
        _next = _idle;
        _idle = this;
    }
}
