using System.Buffers;
using System.Runtime.InteropServices;

namespace DotRec.Kernels;

/// <summary>Finds the columns of a batch that hold the same item.</summary>
internal static class EqualColumns
{
    /// <summary>Circular lists: next[j] is the next column with ids[j], j itself when no other has it.</summary>
    public static void Link(ReadOnlySpan<int> ids, Span<int> next)
    {
        Require.SameLength(ids.Length, next.Length);
        var heads = new Dictionary<int, int>(ids.Length);
        for (var j = 0; j < ids.Length; j++)
        {
            ref var head = ref CollectionsMarshal.GetValueRefOrAddDefault(heads, ids[j], out var found);
            next[j] = j;
            if (found)
            {
                (next[j], next[head]) = (next[head], j);
            }

            head = j;
        }
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
                throw new ArgumentException($"Column {j} leads to column {next[j]}, which is outside the {next.Length} columns or another column's next; make the lists with {nameof(Link)}.", nameof(next));
            }

            seen[next[j]] = true;
        }

        ArrayPool<bool>.Shared.Return(seen);
    }
}
