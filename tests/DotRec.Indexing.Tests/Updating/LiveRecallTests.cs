using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

/// <summary>What a live index finds after changes, against one that was built of the items there are then.</summary>
public sealed class LiveRecallTests
{
    private const int Dimension = 16;
    private const int Count = 9000;
    private const int QueryCount = 400;
    private const int K = 10;

    private static readonly float[] s_values = Corpus.Clustered(81, Count + QueryCount, Dimension, clusters: 90);
    private static readonly float[] s_items = s_values[..(Count * Dimension)];
    private static readonly float[] s_queries = s_values[(Count * Dimension)..];

    [Theory]
    [InlineData(ScoreFunction.Dot, false)]
    [InlineData(ScoreFunction.Dot, true)]
    [InlineData(ScoreFunction.Cosine, false)]
    [InlineData(ScoreFunction.NegatedSquaredL2, false)]
    [InlineData(ScoreFunction.NegatedSquaredL2, true)]
    public async Task Added_and_replaced_items_are_found_as_those_of_a_rebuilt_index(ScoreFunction function, bool soar)
    {
        using var exact = BruteForceIndex.Build(s_items, Dimension, null, function);
        var answers = exact.SearchBatch(s_queries, K);
        var problems = new List<string>();
        foreach (var (added, replaced, allowed) in new[] { (0.1, 0.0, 0.01), (0.3, 0.0, 0.01), (0.0, 0.5, 0.02) })
        {
            using var live = Changed(function, soar, (int)(Count * (1 - added)), replaced);
            var changed = Recall(live.Current, answers);
            await live.RebuildAsync(TestContext.Current.CancellationToken);
            var rebuilt = Recall(live.Current, answers);
            var error = Math.Sqrt((changed.Variance + rebuilt.Variance) / QueryCount);
            var text = $"{added:p0} added, {replaced:p0} replaced: {changed.Mean:f4}, rebuilt {rebuilt.Mean:f4}, standard error {error:f4}";
            TestContext.Current.SendDiagnosticMessage("{0} soar {1}: {2}", function, soar, text);
            if (changed.Mean < rebuilt.Mean - allowed - (2 * error))
            {
                problems.Add(text);
            }
        }

        Assert.Empty(problems);
    }

    // An index of the first items, some of them as others of the corpus at first.
    private static LiveIndex Changed(ScoreFunction function, bool soar, int count, double replacedShare)
    {
        var random = new SeededRandom(4);
        var first = s_items[..(count * Dimension)];
        var replaced = Enumerable.Range(0, count).Where(_ => random.NextDouble() < replacedShare).ToArray();
        var others = Corpus.Clustered(81, Count + QueryCount + replaced.Length, Dimension, clusters: 90).AsSpan((Count + QueryCount) * Dimension);
        for (var i = 0; i < replaced.Length; i++)
        {
            others.Slice(i * Dimension, Dimension).CopyTo(first.AsSpan(replaced[i] * Dimension));
        }

        var options = new ScannOptions { Tier = ScannTier.Tree, Soar = soar };
        var live = new LiveIndex(
            ScannIndex.Build(first, Dimension, null, function, options, cancellationToken: TestContext.Current.CancellationToken), rebuildAfter: int.MaxValue);
        foreach (var ids in replaced.Concat(Enumerable.Range(count, Count - count)).Chunk(250))
        {
            live.Upsert(Array.ConvertAll(ids, id => (long)id), ids.SelectMany(row => s_items[(row * Dimension)..((row + 1) * Dimension)]).ToArray());
        }

        return live;
    }

    private static (double Mean, double Variance) Recall(IItemIndex index, Candidate[][] answers)
    {
        var recalls =
            index.SearchBatch(s_queries, K).Zip(answers, (found, best) => found.Count(candidate => candidate.Score >= best[^1].Score) / (double)K).ToArray();
        var mean = recalls.Average();
        return (mean, recalls.Average(recall => (recall - mean) * (recall - mean)));
    }
}
