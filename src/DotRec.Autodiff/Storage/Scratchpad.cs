namespace DotRec.Autodiff;

/// <summary>Pooled memory for the length of one computation, holding anything at first.</summary>
internal readonly ref struct Scratchpad : IDisposable
{
    private readonly TensorBuffer _buffer;

    public Scratchpad(int length)
    {
        _buffer = BufferPool.Rent(length);
        Tensor = new Tensor(_buffer, new TensorShape([length]));
    }

    public Tensor Tensor { get; }

    public void Dispose() => BufferPool.Return(_buffer);
}
