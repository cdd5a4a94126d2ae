using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>What an exact index answers, restricted and unrestricted, one query at a time and in batches.</summary>
public abstract class IndexAnswerLaws(ScoreFunction scoreFunction, ItemIdType idType) : IndexLawFixture(scoreFunction, idType)
{
    [Fact]
    public void A_search_returns_the_best_items_by_score_then_row_with_every_instruction_set()
    {
        foreach (var sample in IndexCase.Small())
        {
            var (embeddings, queries) = (sample.Embeddings(), sample.Queries());
            var expected = ScoreOracle.Rank(ScoreFunction, Query(sample, queries, 0), embeddings, null, []).Take(sample.K);
            foreach (var instructionSet in InstructionSets)
            {
                using var index = Build(sample, instructionSet);
                AssertSame(expected, index.Search(Query(sample, queries, 0), sample.K), sample);
            }
        }
    }

    [Fact]
    public void A_batch_gives_what_single_searches_give_with_every_instruction_set()
    {
        foreach (var sample in IndexCase.Small().Append(IndexCase.Large))
        {
            var queries = sample.Queries();
            foreach (var instructionSet in InstructionSets)
            {
                using var index = Build(sample, instructionSet);
                var batch = index.SearchBatch(queries, sample.K);
                for (var query = 0; query < sample.QueryCount; query += 7)
                {
                    AssertSame(index.Search(Query(sample, queries, query), sample.K), batch[query], sample);
                }
            }
        }
    }

    [Fact]
    public void Filters_and_exclusions_take_items_out_and_change_nothing_else()
    {
        foreach (var sample in IndexCase.Small())
        {
            var (embeddings, queries, exclusions) = (sample.Embeddings(), sample.Queries(), sample.Exclusions());
            using var index = Build(sample);
            foreach (var filter in new[] { null, sample.Filter(0.5), sample.Filter(0.02), sample.Filter(0) })
            {
                var batch = index.SearchBatch(queries, sample.K, filter, exclusions);
                for (var query = 0; query < sample.QueryCount; query += 9)
                {
                    var expected = ScoreOracle.Rank(ScoreFunction, Query(sample, queries, query), embeddings, filter, exclusions[query]).Take(sample.K);
                    AssertSame(expected, batch[query], sample);
                    AssertSame(expected, index.Search(Query(sample, queries, query), sample.K, filter, exclusions[query]), sample);
                }
            }
        }
    }

    [Fact]
    public void A_large_batch_never_leaks_a_filtered_or_excluded_item()
    {
        var sample = IndexCase.Large;
        var (embeddings, queries, exclusions) = (sample.Embeddings(), sample.Queries(), sample.Exclusions());
        using var index = Build(sample);
        // The best rows themselves are excluded, so that a leak would show.
        var free = index.SearchBatch(queries, sample.K);
        for (var query = 0; query < sample.QueryCount; query++)
        {
            exclusions[query] = [.. exclusions[query], .. free[query].Where((_, i) => i % 2 == 0).Select(candidate => candidate.Row)];
        }

        var filter = sample.Filter(0.3);
        var batch = index.SearchBatch(queries, sample.K, filter, exclusions);
        for (var query = 0; query < sample.QueryCount; query += 9)
        {
            AssertSame(
                ScoreOracle.Rank(ScoreFunction, Query(sample, queries, query), embeddings, filter, exclusions[query]).Take(sample.K), batch[query], sample);
        }
    }

    [Fact]
    public void The_scores_returned_are_those_of_the_embeddings()
    {
        foreach (var sample in IndexCase.Small())
        {
            var (embeddings, queries) = (sample.Embeddings(), sample.Queries());
            using var index = Build(sample);
            foreach (var candidate in index.Search(Query(sample, queries, 0), sample.K))
            {
                var item = embeddings.AsSpan(candidate.Row * sample.Dimension, sample.Dimension);
                var (score, size) = ScoreOracle.Double(ScoreFunction, Query(sample, queries, 0), item);
                // A chain of D roundings, and a few of the scales.
                Assert.InRange(candidate.Score, score - ((sample.Dimension + 4) * 6e-8 * size), score + ((sample.Dimension + 4) * 6e-8 * size));
            }
        }
    }

    [Fact]
    public void Results_are_never_padded()
    {
        var sample = new IndexCase(5, 3, 3, 9, 11);
        var marker = new Candidate(-7, float.NaN);
        var results = new Candidate[3 * 9];
        results.AsSpan().Fill(marker);
        var counts = new int[3];
        using var index = Build(sample);
        index.SearchBatch(sample.Queries(), 9, results, counts, excludedRows: [[], [0, 4], [0, 1, 2, 3, 4]]);
        Assert.Equal([5, 3, 0], counts);
        for (var query = 0; query < 3; query++)
        {
            Assert.All(results[((query * 9) + counts[query])..((query + 1) * 9)], candidate => Assert.Equal(marker, candidate));
        }
    }

    [Fact]
    public void Equal_items_come_in_the_order_of_their_rows()
    {
        var embeddings = new float[500 * 4];
        embeddings.AsSpan().Fill(0.5f);
        using var index = Build(embeddings, 4);
        Assert.Equal(Enumerable.Range(0, 100), index.Search([1f, 2f, 3f, 4f], 100).Select(candidate => candidate.Row));
        Assert.Equal(Enumerable.Range(0, 100), index.SearchBatch([1f, 2f, 3f, 4f], 100)[0].Select(candidate => candidate.Row));
    }

    [Fact]
    public void A_zero_query_and_zero_items_have_scores()
    {
        using var index = Build([0f, 0f, 3f, 4f, -3f, -4f], 2);
        var zero = ScoreFunction == ScoreFunction.NegatedSquaredL2 ? new[] { (0, 0f), (1, -25f), (2, -25f) } : [(0, 0f), (1, 0f), (2, 0f)];
        Assert.Equal(zero, index.Search([0f, 0f], 3).Select(candidate => (candidate.Row, candidate.Score)));
        var along = ScoreFunction switch
        {
            ScoreFunction.Dot => new[] { (1, 50f), (0, 0f), (2, -50f) },
            ScoreFunction.Cosine => [(1, 1f), (0, 0f), (2, -1f)],
            _ => [(1, -25f), (0, -100f), (2, -225f)],
        };
        Assert.Equal(along, index.Search([6f, 8f], 3).Select(candidate => (candidate.Row, MathF.Round(candidate.Score, 5))));
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        var sample = IndexCase.Large;
        var queries = sample.Queries();
        var threads = Parallelism.MaxDegreeOfParallelism;
        try
        {
            Parallelism.MaxDegreeOfParallelism = 1;
            using var index = Build(sample);
            var expected = index.SearchBatch(queries, sample.K);
            Parallelism.MaxDegreeOfParallelism = 5;
            using var other = Build(sample);
            var actual = other.SearchBatch(queries, sample.K);
            Assert.All(Enumerable.Range(0, sample.QueryCount), query => AssertSame(expected[query], actual[query], sample));
        }
        finally
        {
            Parallelism.MaxDegreeOfParallelism = threads;
        }
    }

    [Fact]
    public async Task Searches_at_the_same_time_do_not_disturb_each_other()
    {
        var sample = new IndexCase(900, 5, 40, 10, 3);
        var queries = sample.Queries();
        using var index = Build(sample);
        var expected = index.SearchBatch(queries, sample.K);
        using var start = new Barrier(4);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(reader => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                for (var query = 0; query < sample.QueryCount; query++)
                {
                    AssertSame(expected[query], index.Search(Query(sample, queries, query), sample.K), sample);
                }

                AssertSame(expected[reader], index.SearchBatch(queries, sample.K)[reader], sample);
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
    }
}
