using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>The lists of an inverted index: for each dimension the items that have it, with their weights. In memory or in a mapped file.</summary>
/// <param name="Offsets">[D + 1]: where each list starts.</param>
/// <param name="Rows">The item of each entry, rising within a list.</param>
/// <param name="Weights">The weight of each entry.</param>
/// <param name="Priors">[N], or empty: what each item has before any query.</param>
/// <param name="ByPrior">[N], or empty: the rows by falling prior, equal ones by row.</param>
/// <param name="ItemCount">N.</param>
internal sealed record SparseLists(Section<long> Offsets, Section<int> Rows, Section<float> Weights, Section<float> Priors, Section<int> ByPrior, int ItemCount)
{
    /// <summary>D.</summary>
    public int Dimension => checked((int)(Offsets.Length - 1));

    /// <inheritdoc cref="SparseIndex.Build(ReadOnlySpan{int}, ReadOnlySpan{int}, ReadOnlySpan{float}, ItemIds, ReadOnlySpan{float})"/>
    public static SparseLists Of(ReadOnlySpan<int> offsets, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights, int itemCount, ReadOnlySpan<float> priors)
    {
        Check(offsets, rows, weights, itemCount, priors);
        var allocator = new SectionAllocator(
            SectionAllocator.Bytes<long>(offsets.Length) + SectionAllocator.Bytes<int>(rows.Length) + SectionAllocator.Bytes<float>(weights.Length) + (2 * SectionAllocator.Bytes<float>(priors.Length)));
        var lists = new SparseLists(
            allocator.Take<long>(offsets.Length), allocator.Take<int>(rows.Length), allocator.Take<float>(weights.Length), allocator.Take<float>(priors.Length),
            allocator.Take<int>(priors.Length), itemCount);
        for (var i = 0; i < offsets.Length; i++)
        {
            lists.Offsets[i] = offsets[i];
        }

        rows.CopyTo(lists.Rows.Span(0, rows.Length));
        weights.CopyTo(lists.Weights.Span(0, weights.Length));
        priors.CopyTo(lists.Priors.Span(0, priors.Length));
        var (keys, order) = (new ulong[priors.Length], new int[priors.Length]);
        for (var row = 0; row < keys.Length; row++)
        {
            (keys[row], order[row]) = (~ScoreKey.Of(priors[row], row), row);
        }

        keys.AsSpan().Sort(order.AsSpan());
        order.CopyTo(lists.ByPrior.Span(0, order.Length));
        return lists;
    }

    /// <summary>The prior of a row.</summary>
    public float PriorOf(int row) => Priors.Length == 0 ? 0 : Priors[row];

    /// <summary>The row at a place of the order of priors.</summary>
    public int RowByPrior(int place)
    {
        if (ByPrior.Length == 0)
        {
            return place;
        }

        var row = ByPrior[place];
        return (uint)row < (uint)ItemCount ? row : throw Damaged($"place {place} of the order has row {row} of {ItemCount}.");
    }

    /// <summary>The list of a dimension. The caller holds the memory.</summary>
    /// <exception cref="ArtifactFormatException">The file is damaged.</exception>
    public ReadOnlySpan<int> Of(int dimension, out ReadOnlySpan<float> weights)
    {
        var (start, end) = (Offsets[dimension], Offsets[dimension + 1L]);
        if (start < 0 || end < start || end > Rows.Length || end - start > ItemCount)
        {
            throw Damaged($"the list of dimension {dimension} claims entries {start} to {end} of {Rows.Length}.");
        }

        var rows = Rows.Span(start, (int)(end - start));
        weights = Weights.Span(start, rows.Length);
        return !rows.ContainsAnyExceptInRange(0, ItemCount - 1) ? rows : throw Damaged($"the rows of dimension {dimension} are not all among {ItemCount}.");
    }

    public void Dispose() => Rows.Memory.Dispose();

    private ArtifactFormatException Damaged(string what) => new(Rows.Memory.Source, null, $"{what} The file is damaged.");

    private static void Check(ReadOnlySpan<int> offsets, ReadOnlySpan<int> rows, ReadOnlySpan<float> weights, int itemCount, ReadOnlySpan<float> priors)
    {
        if (offsets.Length is < 2 or > EmbeddingPanels.MaxDimension + 1 || offsets[0] != 0 || offsets[^1] != rows.Length || rows.Length != weights.Length)
        {
            throw new ArgumentException(
                $"There are {offsets.Length - 1} lists, which end at {(offsets.IsEmpty ? 0 : offsets[^1])}, with {rows.Length} rows and {weights.Length} weights. Expected 1 to {EmbeddingPanels.MaxDimension} lists that end where rows and weights do.", nameof(offsets));
        }

        for (var d = 0; d + 1 < offsets.Length; d++)
        {
            var last = -1;
            for (var i = offsets[d]; i < offsets[d + 1]; i++)
            {
                last = (uint)i < (uint)rows.Length && rows[i] > last && rows[i] < itemCount && float.IsFinite(weights[i]) ? rows[i] : throw new ArgumentException(
                    $"Entry {i}, of dimension {d}, is wrong: rows are from 0 to {itemCount - 1}, rising within a list, and weights are finite.", nameof(rows));
            }
        }

        if (!priors.IsEmpty && (priors.Length != itemCount || !float.IsFinite(System.Numerics.Tensors.TensorPrimitives.SumOfMagnitudes(priors))))
        {
            throw new ArgumentException($"There are {priors.Length} priors for {itemCount} items; give a finite one an item, or none.", nameof(priors));
        }
    }
}
