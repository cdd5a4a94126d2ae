using DotRec.Kernels;

namespace DotRec.Indexing;

/// <summary>
/// Decides whether second copies pay (SOAR): from which of the partitions a query goes to its neighbours come, with one copy and with two. Only the
/// neighbours of a sample of queries are assigned a second time for it.
/// </summary>
internal static class SpillChoice
{
    // Second copies scan twice the entries a partition, and are sorted out again.
    private const double MaxShare = 0.8;

    // Recall that a choice is made for.
    private const double Recall = 0.95;

    /// <summary>Whether searches that find as much read so much less with second copies.</summary>
    /// <param name="sample">Queries and their neighbours.</param>
    /// <param name="rows">The items as they are coded.</param>
    /// <param name="centroids">[P, coded width].</param>
    /// <param name="partition">[N]: the partition of each item.</param>
    /// <param name="lambda">λ of second assignments.</param>
    public static bool Pays(NeighbourSample sample, CodedRows rows, float[] centroids, int[] partition, float lambda)
    {
        var count = centroids.Length / rows.Dimension;
        var neighbours = sample.Rows.Where(row => row >= 0).Distinct().Order().ToArray();
        if (count < 2 || neighbours.Length == 0)
        {
            return false;
        }

        var second = SpillAssignment.Assign(rows, neighbours, centroids, partition, lambda);
        var (one, two) = (new List<int>(), new List<int>());
        var order = Order(sample, rows, centroids);
        for (var i = 0; i < sample.Rows.Length; i++)
        {
            if (sample.Rows[i] >= 0)
            {
                var places = order.AsSpan(i / NeighbourSample.Neighbours * count, count);
                var first = places[partition[sample.Rows[i]]];
                one.Add(first);
                two.Add(Math.Min(first, places[second[Array.BinarySearch(neighbours, sample.Rows[i])]]));
            }
        }


        return 2.0 * Partitions(two) < MaxShare * Partitions(one);
    }

    // Partitions to search for the recall.
    private static int Partitions(List<int> places)
    {
        places.Sort();
        return places[(int)(Recall * (places.Count - 1))] + 1;
    }

    // [queries, P]: as how manyeth a query searches each partition.
    private static int[] Order(NeighbourSample sample, CodedRows rows, float[] centroids)
    {
        var (dimension, count) = (rows.Dimension, centroids.Length / rows.Dimension);
        var order = new int[sample.Count * count];
        Parallelism.For(sample.Count, i =>
        {
            var (query, scores, partitions) = (new float[dimension], new float[count], new int[count]);
            sample.CopyQuery(i, rows.Form, query);
            DotKernels.DotMany(query, centroids, scores);
            for (var p = 0; p < count; p++)
            {
                (scores[p], partitions[p]) = (-scores[p], p);
            }

            Array.Sort(scores, partitions);
            for (var place = 0; place < count; place++)
            {
                order[(i * count) + partitions[place]] = place;
            }
        });
        return order;
    }
}
