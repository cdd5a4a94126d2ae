namespace DotRec.Indexing;

/// <summary>
/// Centroids under distances: the mean of each partition's items, lifted as an item there would be, so that queries are routed to the nearest ones.
/// The mean of the lifted items would keep queries from partitions that spread far, which hold the nearest item as often as others.
/// </summary>
internal static class DistanceCentroids
{
    /// <summary>Centroids [P, coded width] for an assignment in which no partition is empty.</summary>
    public static float[] Place(CodedRows rows, PartitionMembers members, BuildReport report)
    {
        var (plain, dimension) = (rows.PlainDimension, rows.Dimension);
        var centroids = new float[members.PartitionCount * dimension];
        report.ForParts(members.PartitionCount, partition =>
        {
            var centroid = centroids.AsSpan(partition * dimension, dimension);
            PlaceMean(rows, members[partition], centroid[..plain]);
            rows.Form.FillLift(centroid[..plain], centroid[plain..]);
        });
        return centroids;
    }

    private static void PlaceMean(CodedRows rows, ReadOnlySpan<int> members, Span<float> mean)
    {
        var (row, sums) = (new float[mean.Length], new double[mean.Length]);
        foreach (var member in members)
        {
            rows.CopyPlain(member, row);
            for (var j = 0; j < sums.Length; j++)
            {
                sums[j] += row[j];
            }
        }

        for (var j = 0; j < sums.Length; j++)
        {
            mean[j] = (float)(sums[j] / members.Length);
        }
    }
}
