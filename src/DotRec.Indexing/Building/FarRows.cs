using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>Finds the rows that are far from all others: the mean of a partition they share with others is theirs.</summary>
internal static class FarRows
{
    private const int RowsPerPart = 1024;

    /// <summary>The farthest rows beyond <see cref="RowSpread.FarDistance"/>, ascending.</summary>
    /// <param name="rows">The items.</param>
    /// <param name="spread">Where most of them lie.</param>
    /// <param name="limit">Most rows; 0 for none.</param>
    public static int[] Find(CodedRows rows, RowSpread spread, int limit)
    {
        var found = new List<(double Distance, int Row)>[(rows.Count + RowsPerPart - 1) / RowsPerPart];
        Parallelism.For(limit > 0 ? found.Length : 0, part =>
        {
            var (values, far) = (new float[rows.PlainDimension], new List<(double, int)>());
            for (var row = part * RowsPerPart; row < Math.Min(rows.Count, (part + 1) * RowsPerPart); row++)
            {
                rows.CopyPlain(row, values);
                var distance = spread.DistanceOf(values);
                if (distance > spread.FarDistance)
                {
                    far.Add((distance, row));
                }
            }

            found[part] = far;
        });

        // Equal rows need one partition.
        return [.. found.Where(far => far is not null)
            .SelectMany(far => far)
            .OrderByDescending(far => far.Distance)
            .ThenBy(far => far.Row)
            .DistinctBy(far => far.Distance)
            .Take(limit)
            .Select(far => far.Row)
            .Order()];
    }
}
