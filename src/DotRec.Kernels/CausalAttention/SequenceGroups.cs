using System.Buffers;

namespace DotRec.Kernels;

/// <summary>
/// Consecutive sequences that are worked on together: a long one alone, short ones until they fill some tiles. Cut by the lengths alone, never by the number of
/// threads: the sums over a sequence stay inside one group.
/// </summary>
internal readonly ref struct SequenceGroups : IDisposable
{
    // Some tiles of 24 rows: a group of less would mostly multiply what lies beside its sequences.
    private const int PositionsPerGroup = 96;

    private readonly int[] _firsts;

    public SequenceGroups(ReadOnlySpan<int> offsets)
    {
        _firsts = ArrayPool<int>.Shared.Rent(offsets.Length + 1);
        _firsts[0] = 0;
        for (var sequence = 0; sequence + 1 < offsets.Length; sequence++)
        {
            if (offsets[sequence + 1] - offsets[_firsts[Count]] >= PositionsPerGroup || sequence + 2 == offsets.Length)
            {
                _firsts[++Count] = sequence + 1;
            }
        }
    }

    public int Count { get; }

    /// <summary>[<see cref="Count"/> + 1]: where the groups begin; the last is the number of sequences.</summary>
    public ReadOnlySpan<int> FirstSequences => _firsts.AsSpan(0, Count + 1);

    public void Dispose() => ArrayPool<int>.Shared.Return(_firsts);
}
