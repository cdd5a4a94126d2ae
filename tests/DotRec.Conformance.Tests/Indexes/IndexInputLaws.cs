using DotRec.Indexing;

namespace DotRec.Conformance.Tests;

/// <summary>What an index refuses, and what it says.</summary>
public abstract class IndexInputLaws(ScoreFunction scoreFunction, ItemIdType idType) : IndexAnswerLaws(scoreFunction, idType)
{
    [Fact]
    public void Ids_and_embeddings_are_those_given()
    {
        foreach (var sample in IndexCase.Small().Where((_, i) => i % 4 == 0))
        {
            var embeddings = sample.Embeddings();
            using var index = Build(sample);
            Assert.Equal((sample.Count, sample.Dimension, ScoreFunction, IsExact), (index.Count, index.Dimension, index.ScoreFunction, index.IsExact));
            var (ids, copy) = (Ids(sample.Count), new float[sample.Dimension]);
            for (var row = 0; row < sample.Count; row += 11)
            {
                index.CopyEmbedding(row, copy);
                Assert.Equal(embeddings.AsSpan(row * sample.Dimension, sample.Dimension).ToArray(), copy);
                Assert.Equal(ids[row], index.Ids[row]);
                Assert.Equal(row, index.Ids.RowOf(ids[row]));
            }
        }
    }

    [Fact]
    public void A_query_of_another_width_is_refused()
    {
        using var index = Build(new float[12], 4);
        Refused("The query has 3 dimensions; the index holds embeddings of 4.", () => index.Search(new float[3], 1));
        Refused(
            "The queries hold 7 values, which is no whole number of embeddings of 4.", () => index.SearchBatch(new float[7], 1, new Candidate[9], new int[9]));
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void A_query_that_is_not_finite_is_refused_with_its_position(float value, string text)
    {
        using var index = Build(new float[12], 4);
        Refused($"Query holds {text} at position 2; embeddings are finite numbers.", () => index.Search([1f, 1f, value, 1f], 1));
        Refused($"Query 1 holds {text} at position 0; embeddings are finite numbers.", () => index.SearchBatch([1f, 1f, 1f, 1f, value, 1f, 1f, 1f], 1));
    }

    [Fact]
    public void A_query_whose_scores_could_leave_float32_is_refused()
    {
        using var index = Build(new float[12], 4);
        Refused("Query has length 1e+19; at most 4.61e+18 (2^62) can be scored in float32. Scale the embeddings.", () => index.Search([0f, 1e19f, 0f, 0f], 1));
    }

    [Fact]
    public void The_longest_embeddings_have_finite_scores()
    {
        using var index = Build([4.6e18f, 0f, -4.6e18f, 0f, 0f, 4.6e18f], 2);
        Assert.All(index.Search([4.6e18f, 0f], 3), candidate => Assert.True(float.IsFinite(candidate.Score)));
    }

    [Theory]
    [InlineData(float.NaN, "Row 70 holds NaN at position 2; embeddings are finite numbers.")]
    [InlineData(float.PositiveInfinity, "Row 70 holds Infinity at position 2; embeddings are finite numbers.")]
    [InlineData(3e19f, "Row 70 has length 3e+19; at most 4.61e+18 (2^62) can be scored in float32. Scale the embeddings.")]
    public void An_item_that_cannot_be_scored_is_refused_with_its_row(float value, string message)
    {
        var embeddings = new float[200 * 3];
        embeddings[(70 * 3) + 2] = value;
        embeddings[(150 * 3) + 1] = float.NaN;
        Refused(message, () =>
        {
            using var index = Build(embeddings, 3);
            index.Search([1f, 2f, 3f], 1);
        });
    }

    [Fact]
    public void A_filter_of_another_index_is_refused_where_rows_never_come_and_go()
    {
        using var index = Build(new float[12], 4);
        if (TakesFiltersOfOthers)
        {
            Assert.Equal(2, index.Search(new float[4], 3, ItemFilter.Block(4, [1])).Length);
            Assert.Equal(2, index.SearchBatch(new float[4], 3, ItemFilter.Block(2, [1]))[0].Length);
            return;
        }

        Refused("The filter covers 4 items; the index holds 3. Make the filter for this index.", () => index.Search(new float[4], 1, ItemFilter.Block(4, [])));
    }

    [Fact]
    public void An_excluded_row_outside_the_index_is_refused()
    {
        using var index = Build(new float[12], 4);
        Refused("Row 3 is outside the index: it holds 3 items, rows 0 to 2.", () => index.Search(new float[4], 1, null, [-1, 3]));
    }

    [Fact]
    public void A_batch_whose_spans_do_not_fit_is_refused()
    {
        using var index = Build(new float[12], 4);
        Refused("results has room for 3 candidates; 2 queries with k = 2 need 4.", () => index.SearchBatch(new float[8], 2, new Candidate[3], new int[2]));
        Refused("counts has room for 1 numbers; there are 2 queries.", () => index.SearchBatch(new float[8], 2, new Candidate[4], new int[1]));
        Refused(
            "excludedRows has 1 arrays; there are 2 queries, and each needs one.",
            () => index.SearchBatch(new float[8], 2, new Candidate[4], new int[2], excludedRows: [[]]));
        Refused("k ('0') must be greater than or equal to '1'.", () => index.SearchBatch(new float[8], 0, new Candidate[4], new int[2]));
    }

    [Fact]
    public void An_empty_batch_and_a_search_for_nothing_are_fine()
    {
        using var index = Build(new float[12], 4);
        index.SearchBatch([], 3, [], []);
        Assert.Equal(0, index.Search(new float[4], Span<Candidate>.Empty));
    }

    private static void Refused(string message, Action action)
    {
        var error = Assert.ThrowsAny<ArgumentException>(action);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }
}
