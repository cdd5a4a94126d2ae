namespace DotRec.Indexing.Tests;

public class StreamingIndexTests
{
    private static readonly float[][] Batches = [[1f, 2f], [], [3f]];

    [Fact]
    public void Rows_are_numbered_through_the_batches()
    {
        using var index = StreamingIndex.Over(Source(Batches), 1);
        Assert.Equal(3, index.Count);
        Assert.Equal([new Candidate(2, 3), new Candidate(1, 2)], index.Search([1f], 2));
    }

    [Fact]
    public void A_source_that_computes_its_embeddings_gives_fresh_answers()
    {
        var values = new float[] { 1f, 2f };
        using var index = StreamingIndex.Over(Source([values]), 1);
        Assert.Equal(1, index.Search([1f], 1)[0].Row);
        values[0] = 9;
        Assert.Equal(new Candidate(0, 9), index.Search([1f], 1)[0]);
    }

    [Fact]
    public void A_batch_may_be_reused_for_the_next()
    {
        using var index = StreamingIndex.Over(Reusing(), 1);
        Assert.Equal([199, 198], index.Search([1f], 2).Select(candidate => candidate.Row));

        static IEnumerable<ReadOnlyMemory<float>> Reusing()
        {
            var batch = new float[1];
            for (var row = 0; row < 200; row++)
            {
                batch[0] = row;
                yield return batch;
            }
        }
    }

    [Fact]
    public void A_source_may_search_the_index_it_feeds()
    {
        using var inner = BruteForceIndex.Build([5f, 6f], 1);
        using var index = StreamingIndex.Over(Source(Batches).Select(batch =>
        {
            Assert.Equal(1, inner.Search([1f], 1)[0].Row);
            return batch;
        }), 1);
        Assert.Equal([new Candidate(2, 3)], index.Search([1f], 1));
    }

    [Theory]
    [InlineData(2, "The source gave more than 2 embeddings; the index holds 2.")]
    [InlineData(4, "The source gave 3 embeddings; the index holds 4.")]
    public void Another_number_of_rows_than_ids_is_refused(int ids, string message)
    {
        using var index = StreamingIndex.Over(Source(Batches), 1, ItemIds.Range(ids));
        var error = Assert.Throws<InvalidOperationException>(() => index.Search([1f], 1));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_can_be_read_only_once_is_refused_at_the_second_pass()
    {
        var queue = new Queue<ReadOnlyMemory<float>>([new[] { 1f, 2f }]);
        using var index = StreamingIndex.Over(Draining(), 1);
        var error = Assert.Throws<InvalidOperationException>(() => index.Search([1f], 1));
        Assert.Equal("The source gave 0 embeddings; the index holds 2. It must give the same number on every pass, one for each id.", error.Message);

        IEnumerable<ReadOnlyMemory<float>> Draining()
        {
            while (queue.TryDequeue(out var batch))
            {
                yield return batch;
            }
        }
    }

    [Fact]
    public void A_batch_of_another_width_is_refused_with_its_number()
    {
        var error = Assert.Throws<InvalidOperationException>(() => StreamingIndex.Over(Source([[1f, 2f], [3f]]), 2));
        Assert.Equal("Batch 1 of the source holds 1 values, which is no whole number of embeddings of 2.", error.Message);
    }

    [Fact]
    public void An_exception_of_the_source_is_the_callers()
    {
        using var index = StreamingIndex.Over(Failing(), 1, ItemIds.Range(1));
        Assert.Throws<IOException>(() => index.Search([1f], 1));

        static IEnumerable<ReadOnlyMemory<float>> Failing()
        {
            yield return new[] { 1f };
            throw new IOException("gone");
        }
    }

    private static IEnumerable<ReadOnlyMemory<float>> Source(float[][] batches) => batches.Select(batch => new ReadOnlyMemory<float>(batch));
}
