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
}
