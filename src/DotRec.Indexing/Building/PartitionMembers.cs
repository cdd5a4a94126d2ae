namespace DotRec.Indexing;

/// <summary>The rows of each partition, in row order: a counting sort of an assignment.</summary>
internal sealed class PartitionMembers
{
    private readonly int[] _rows;
    private readonly int[] _starts;

    /// <param name="partition">[N]: partition of each row, or −1 for none.</param>
    /// <param name="partitionCount">P.</param>
    public PartitionMembers(ReadOnlySpan<int> partition, int partitionCount)
    {
        _starts = new int[partitionCount + 1];
        foreach (var p in partition)
        {
            if (p >= 0)
            {
                _starts[p + 1]++;
            }
        }

        for (var p = 0; p < partitionCount; p++)
        {
            _starts[p + 1] += _starts[p];
        }

        _rows = new int[_starts[^1]];
        var next = _starts.AsSpan(0, partitionCount).ToArray();
        for (var row = 0; row < partition.Length; row++)
        {
            if (partition[row] >= 0)
            {
                _rows[next[partition[row]]++] = row;
            }
        }
    }

    /// <summary>All rows, partition after partition.</summary>
    public ReadOnlySpan<int> Rows => _rows;

    public int PartitionCount => _starts.Length - 1;

    /// <summary>The rows of a partition, ascending.</summary>
    public ReadOnlySpan<int> this[int partition] => _rows.AsSpan(_starts[partition], Size(partition));

    public int Size(int partition) => _starts[partition + 1] - _starts[partition];

    /// <summary>The assignment this was made of: the partition of each row, or −1 for none.</summary>
    /// <param name="rowCount">N.</param>
    public int[] ToAssignment(int rowCount)
    {
        var assignment = new int[rowCount];
        Array.Fill(assignment, -1);
        for (var partition = 0; partition < PartitionCount; partition++)
        {
            foreach (var row in this[partition])
            {
                assignment[row] = partition;
            }
        }

        return assignment;
    }
}
