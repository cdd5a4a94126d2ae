using System.Buffers;
using System.Numerics;

namespace DotRec.Kernels;

/// <summary>Finds the columns of a batch that hold the same item.</summary>
internal static class EqualColumns
{
    private const uint Golden = 2654435769;

    /// <summary>Circular lists: next[j] is the next column with ids[j], j itself when no other has it.</summary>
    /// <remarks>An open hash table in borrowed memory: a training step calls this for every batch and must not allocate.</remarks>
    public static void Link(ReadOnlySpan<int> ids, Span<int> next)
    {
        Require.SameLength(ids.Length, next.Length);
        var bits = BitOperations.Log2((uint)Math.Max(ids.Length, 1)) + 2;
        var rented = ArrayPool<int>.Shared.Rent(1 << bits);

        // One column of each id met so far, plus one; 0 is a free slot. At most half of the slots fill.
        var slots = rented.AsSpan(0, 1 << bits);
        slots.Clear();
        for (var j = 0; j < ids.Length; j++)
        {
            var slot = (int)(((uint)ids[j] * Golden) >> (32 - bits));
            while (slots[slot] != 0 && ids[slots[slot] - 1] != ids[j])
            {
                slot = (slot + 1) & (slots.Length - 1);
            }

            next[j] = j;
            if (slots[slot] != 0)
            {
                var head = slots[slot] - 1;
                (next[j], next[head]) = (next[head], j);
            }

            slots[slot] = j + 1;
        }

        ArrayPool<int>.Shared.Return(rented);
    }

    /// <summary>Throws unless the lists are circular: every column is the next of exactly one. Anything else could be walked for ever.</summary>
    public static void Check(ReadOnlySpan<int> next)
    {
        if (next.IsEmpty)
        {
            return;
        }

        var seen = ArrayPool<bool>.Shared.Rent(next.Length);
        seen.AsSpan(0, next.Length).Clear();
        for (var j = 0; j < next.Length; j++)
        {
            if ((uint)next[j] >= (uint)next.Length || seen[next[j]])
            {
                throw new ArgumentException(
                    $"Column {j} leads to column {next[j]}, which is outside the {next.Length} columns or another column's next; make the lists with " +
                    $"{nameof(Link)}.", nameof(next));
            }

            seen[next[j]] = true;
        }

        ArrayPool<bool>.Shared.Return(seen);
    }
}
