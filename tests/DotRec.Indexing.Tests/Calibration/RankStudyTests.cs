namespace DotRec.Indexing.Tests;

public sealed class RankStudyTests
{
    private const int Dimension = 16;
    private const int Count = 4000;
    private const int K = 10;

    // Of 600 answers.
    private const long Ties = 4;

    private static readonly int[] s_steps = [2, 3, 5, 12, 40];

    [Theory]
    [InlineData(ScoreFunction.Dot, false, false)]
    [InlineData(ScoreFunction.Dot, true, false)]
    [InlineData(ScoreFunction.Cosine, false, false)]
    [InlineData(ScoreFunction.Cosine, true, false)]
    [InlineData(ScoreFunction.NegatedSquaredL2, false, false)]
    [InlineData(ScoreFunction.NegatedSquaredL2, true, false)]
    [InlineData(ScoreFunction.Cosine, false, true)]
    [InlineData(ScoreFunction.NegatedSquaredL2, true, true)]
    public void The_recall_it_predicts_of_every_setting_is_that_of_searches_which_go_further_where_items_are_excluded(
        ScoreFunction function, bool soar, bool excludes)
    {
        var values = Corpus.Clustered(77, Count + 60, Dimension, clusters: 60);
        var queries = values[(Count * Dimension)..];
        var options = new ScannOptions { Tier = ScannTier.Tree, PartitionCount = 40, PartitionsToSearch = 4, Soar = soar };
        using var index = ScannIndex.Build(
            values.AsSpan(0, Count * Dimension), Dimension, null, function, options, cancellationToken: TestContext.Current.CancellationToken);
        var excluded = excludes ? Enumerable.Range(0, 60).Select(query => new[] { query, -1, query + 100 }).ToArray() : null;
        var answers = ExactAnswers.Of(index, queries, K, excluded);
        var space = new SearchSpace(index.Snapshot);
        var study = RankStudy.Run(index.Searcher, space, queries, answers, excluded, s_steps, TestContext.Current.CancellationToken);
        var met = RankStudy.Places(index.Searcher, space, queries, answers, TestContext.Current.CancellationToken);
        for (var step = 0; step < s_steps.Length; step++)
        {
            foreach (var candidates in new[] { 10, 17, 60, 300, Count })
            {
                var found = 0L;
                for (var query = 0; query < 60; query++)
                {
                    var results = new Candidate[K];
                    var count = index.Search(
                        queries.AsSpan(query * Dimension, Dimension), results, new ScannSearchOptions(s_steps[step], candidates), null, excluded?[query]);
                    found += answers.Found(query, results.AsSpan(0, count));
                }

                // Of entries that score the same by their codes, the study takes the best place and a search those at the lowest positions.
                var predicted = study.Found(step, candidates);
                Assert.True(
                    excludes ? found >= predicted : found <= predicted && predicted - found <= Ties,
                    $"{s_steps[step]} partitions, {candidates} candidates: {predicted} predicted, {found} found of {answers.Count}.");
                if (candidates == Count && !excludes)
                {
                    Assert.Equal(met[s_steps[step] - 1], found);
                }
            }
        }
    }
}
