using System.Runtime.CompilerServices;
using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>Sums by item of which few are not 0: one row of a sparse matrix while it is added up. Reused row after row.</summary>
internal sealed class RowSums(int itemCount)
{
    private readonly float[] _sums = new float[itemCount];
    private readonly TopSelector _greatest = new(1);
    private int[] _touched = new int[256];
    private int _count;

    /// <summary>The items that were added to, in the order of their first time.</summary>
    public ReadOnlySpan<int> Touched => _touched.AsSpan(0, _count);

    /// <summary>The sum of an item.</summary>
    public ref float this[int item] => ref _sums[item];

    /// <summary>Adds to the sum of an item what is above 0: a sum of 0 says that nothing was added yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int item, float value)
    {
        ref var sum = ref _sums[item];
        if (sum == 0)
        {
            Touch(item);
        }

        sum += value;
    }

    /// <summary>Takes the sums of greatest magnitude out, by rising item, and starts again at 0. Of equal ones the lower items stay.</summary>
    public (int[] Items, float[] Values) Take(int most)
    {
        var kept = _count <= most ? Touched.ToArray() : Greatest(most);
        Array.Sort(kept);
        var values = Array.ConvertAll(kept, item => _sums[item]);
        foreach (var item in Touched)
        {
            _sums[item] = 0;
        }

        _count = 0;
        return (kept, values);
    }

    private int[] Greatest(int most)
    {
        _greatest.Restart(most);
        foreach (var item in Touched)
        {
            _greatest.Add(Math.Abs(_sums[item]), item);
        }

        var (magnitudes, items) = (new float[most], new int[most]);
        return items[.._greatest.CopyBest(magnitudes, items)];
    }

    private void Touch(int item)
    {
        if (_count == _touched.Length)
        {
            Array.Resize(ref _touched, 2 * _count);
        }

        _touched[_count++] = item;
    }
}
