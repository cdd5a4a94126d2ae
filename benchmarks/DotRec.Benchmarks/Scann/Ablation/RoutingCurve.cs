using System.Numerics.Tensors;
using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>
/// What routing alone allows: the share of the right answers that lie in the partitions searched, and the entries in those, by the number of
/// partitions searched. Nothing is coded: everything in a searched partition counts as found.
/// </summary>
internal sealed class RoutingCurve
{
    // Means over queries; the first number is that of one partition.
    private readonly double[] _recall;
    private readonly double[] _entries;

    private RoutingCurve(double[] recall, double[] entries)
    {
        _recall = recall;
        _entries = entries;
    }

    /// <summary>Follows some queries through all partitions.</summary>
    public static RoutingCurve Of(QuantizedItems items, VectorCorpus corpus, GroundTruth truth, IReadOnlyList<int> queries)
    {
        var partitions = items.PartitionCount;
        var (first, second) = (items.Members.ToAssignment(items.Count), items.Spilled?.ToAssignment(items.Count));
        var sizes = Enumerable.Range(0, partitions).Select(partition => items.Members.Size(partition) + (items.Spilled?.Size(partition) ?? 0)).ToArray();

        var (recall, entries) = (new double[partitions], new double[partitions]);
        var (scores, order, rank) = (new float[partitions], new int[partitions], new int[partitions]);
        foreach (var query in queries)
        {
            for (var partition = 0; partition < partitions; partition++)
            {
                scores[partition] = -TensorPrimitives.Dot(corpus.Query(query), items.Centroids.AsSpan(partition * items.Dimension, items.Dimension));
                order[partition] = partition;
            }

            Array.Sort(scores, order);
            var sum = 0.0;
            for (var i = 0; i < partitions; i++)
            {
                rank[order[i]] = i;
                entries[i] += (sum += sizes[order[i]]) / queries.Count;
            }

            foreach (var row in truth.Rows[query].Take(truth.K))
            {
                var at = rank[first[row]];
                recall[second?[row] is { } other and >= 0 ? Math.Min(at, rank[other]) : at] += 1.0 / (truth.K * queries.Count);
            }
        }

        for (var i = 1; i < partitions; i++)
        {
            recall[i] += recall[i - 1];
        }

        return new RoutingCurve(recall, entries);
    }

    /// <summary>The recall that no search of so many partitions exceeds.</summary>
    public double Ceiling(int partitions) => _recall[partitions - 1];

    /// <summary>Entries in the best partitions, spilled copies among them: the mean over the queries.</summary>
    public double Entries(int partitions) => _entries[partitions - 1];

    /// <summary>Partitions and entries that a recall takes, interpolated between whole partitions.</summary>
    public (double Partitions, double Entries) Needed(double target)
    {
        var i = Array.FindIndex(_recall, recall => recall >= target);
        if (i <= 0)
        {
            return i == 0 ? (1, _entries[0]) : (_recall.Length, _entries[^1]);
        }

        var share = (target - _recall[i - 1]) / (_recall[i] - _recall[i - 1]);
        return (i + share, _entries[i - 1] + (share * (_entries[i] - _entries[i - 1])));
    }
}
