namespace DotRec.Modeling;

/// <summary>The state beside some weights: a value a weight in each slot.</summary>
public readonly ref struct OptimizerSlots
{
    private readonly float[][] _slots;
    private readonly int _start;
    private readonly int _length;

    internal OptimizerSlots(float[][] slots, int start, int length)
    {
        _slots = slots;
        _start = start;
        _length = length;
    }

    /// <summary>Number of slots.</summary>
    public int Count => _slots.Length;

    /// <summary>A slot's values, one a weight, to be read and written.</summary>
    public Span<float> this[int slot] => _slots[slot].AsSpan(_start, _length);
}
