using System.Numerics;

namespace DotRec.Kernels;

/// <summary>Partial ordering of 64-bit keys (Hoare's quickselect, 1961, with a sort as the way out of bad pivots).</summary>
internal static class KeySelection
{
    /// <summary>
    /// Reorders the keys so that the <paramref name="count"/> largest come first and the smallest of these is the last of them. 1 ≤ count ≤ length.
    /// </summary>
    public static void MoveLargestToFront(Span<ulong> keys, int count)
    {
        var (low, high, target) = (0, keys.Length - 1, count - 1);
        for (var patience = 2 * BitOperations.Log2((uint)keys.Length); low < high; patience--)
        {
            if (patience < 0)
            {
                var rest = keys[low..(high + 1)];
                rest.Sort();
                rest.Reverse();
                return;
            }

            var (left, right) = Partition(keys, low, high);
            if (target <= right)
            {
                high = right;
            }
            else if (target >= left)
            {
                low = left;
            }
            else
            {
                return;
            }
        }
    }

    // Splits low … high into keys ≥ the pivot (up to right) and keys ≤ it (from left); those between equal it.
    private static (int Left, int Right) Partition(Span<ulong> keys, int low, int high)
    {
        var pivot = Median(keys[low], keys[(low + high) >>> 1], keys[high]);
        var (left, right) = (low, high);
        while (left <= right)
        {
            while (keys[left] > pivot)
            {
                left++;
            }

            while (keys[right] < pivot)
            {
                right--;
            }

            if (left <= right)
            {
                (keys[left], keys[right]) = (keys[right], keys[left]);
                left++;
                right--;
            }
        }

        return (left, right);
    }

    private static ulong Median(ulong x, ulong y, ulong z) => Math.Max(Math.Min(x, y), Math.Min(Math.Max(x, y), z));
}
