using CsCheck;
using DotRec.Indexing;

namespace DotRec.Benchmarks.Tests;

public class GroundTruthTests
{
    [Fact]
    public void The_right_answers_are_the_k_best_and_what_ties_with_the_last() =>
        Gen.Select(Gen.Int[-3, 3].Array[1, 40], Gen.Int[1, 5]).Sample((values, k) =>
        {
            // One dimension, few values: plenty of ties.
            var corpus = new VectorCorpus("x", [.. values.Select(value => (float)value)], [1, -1], 1, ScoreFunction.Dot);
            using var exact = BruteForceIndex.Build(corpus.Items, 1);
            var truth = GroundTruth.Compute(exact, corpus, k);
            for (var query = 0; query < 2; query++)
            {
                var sign = (int)corpus.Queries[query];
                var order = Enumerable.Range(0, values.Length).OrderByDescending(row => sign * values[row]).ThenBy(row => row).ToArray();
                var worst = sign * values[order[Math.Min(k, order.Length) - 1]];
                var expected = order.Take(4 * k).TakeWhile(row => sign * values[row] >= worst).ToArray();
                Assert.Equal(expected, truth.Rows[query]);
                Assert.Equal(Math.Min(k, values.Length), truth.Hits(query, [.. order.Take(k).Select(row => new Candidate(row, 0))]));
                Assert.Equal(0, truth.Hits(query, [.. order.Except(expected).Take(k).Select(row => new Candidate(row, 0))]));
            }
        });
}
