using DotRec.Indexing;

namespace DotRec.Parity.Tests;

/// <summary>
/// One case of the top-k grid of TensorFlow Recommenders' layer tests: RandomState(42) draws candidates, then queries (normals), then five
/// exclusions a query (integers, with repeats); the dot product of 4 dimensions scores them.
/// </summary>
public sealed class TopKCase
{
    public const int Dimension = 4;

    public TopKCase(int candidateCount, int queryCount)
    {
        var random = new NumpyRandom(42);
        Candidates = random.Normals(candidateCount * Dimension);
        Queries = random.Normals(queryCount * Dimension);
        Exclusions = Enumerable.Range(0, queryCount).Select(_ => random.Integers(candidateCount, 5)).ToArray();
    }

    public float[] Candidates { get; }

    public float[] Queries { get; }

    public int[][] Exclusions { get; }

    public int CandidateCount => Candidates.Length / Dimension;

    public int QueryCount => Queries.Length / Dimension;

    /// <summary>As the layer tests make them: the row number as text.</summary>
    public ItemIds StringIds() => ItemIds.From(Enumerable.Range(0, CandidateCount).Select(row => $"{row}").ToArray());

    public IEnumerable<ReadOnlyMemory<float>> Batches(int rows)
    {
        for (var row = 0; row < CandidateCount; row += rows)
        {
            yield return Candidates.AsMemory(row * Dimension, Math.Min(rows, CandidateCount - row) * Dimension);
        }
    }

    /// <summary>The k best rows and their scores, in double.</summary>
    public (int Row, double Score)[] Expected(int query, int k, bool exclude) =>
    [
        .. Enumerable.Range(0, CandidateCount)
            .Where(row => !exclude || !Exclusions[query].Contains(row))
            .Select(row => (row, Enumerable.Range(0, Dimension).Sum(j => (double)Queries[(query * Dimension) + j] * Candidates[(row * Dimension) + j])))
            .OrderByDescending(pair => pair.Item2)
            .Take(k),
    ];
}
