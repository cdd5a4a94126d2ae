using System.Numerics.Tensors;

namespace DotRec.Autodiff;

/// <summary>Gradient of a gather: adds rows to a table's row-sparse gradient, or to its dense one.</summary>
internal static class RowScatter
{
    /// <summary>gradient[ids[i]] += rows[i].</summary>
    public static void Add(Tensor table, Indices indices, ReadOnlySpan<float> rows)
    {
        var ids = indices.Values.Span;
        if (table.Parameter?.Rows is { } sparse)
        {
            sparse.Add(ids, rows);
            return;
        }

        var width = table.Layout[1];
        var gradient = ZeroedTarget(table);
        for (var i = 0; i < ids.Length; i++)
        {
            var target = gradient.Slice(ids[i] * width, width);
            TensorPrimitives.Add(target, rows.Slice(i * width, width), target);
        }
    }

    /// <summary>gradient[id] += rows[i] for each id of the i-th list, divided by the length of the list if the list's mean was taken.</summary>
    public static void AddToLists(Tensor table, Indices indices, ReadOnlySpan<float> rows, bool isMean)
    {
        var ids = indices.Values.Span;
        var offsets = indices.Offsets.Span;
        var width = table.Layout[1];
        var sparse = table.Parameter?.Rows;
        var gradient = sparse is null ? ZeroedTarget(table) : default;
        for (var i = 0; i + 1 < offsets.Length; i++)
        {
            var list = ids[offsets[i]..offsets[i + 1]];
            var row = rows.Slice(i * width, width);
            var factor = isMean ? 1f / list.Length : 1;
            if (sparse is not null)
            {
                sparse.AddToEach(list, row, factor);
                continue;
            }

            foreach (var id in list)
            {
                var target = gradient.Slice(id * width, width);
                TensorPrimitives.MultiplyAdd(row, factor, target, target);
            }
        }
    }

    private static Span<float> ZeroedTarget(Tensor table)
    {
        var gradient = table.GradientTarget(out var accumulate);
        if (!accumulate)
        {
            gradient.Clear();
        }

        return gradient;
    }
}
