using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Conformance.Tests;

/// <summary>
/// The laws of exact indexes, for views of a live index that goes to every partition and rescores every item: an index of three quarters of the
/// items, every third of them another one at first, that the others were written to in several calls, and for some an index built of all that.
/// </summary>
public abstract class LiveViewLaws(ScoreFunction scoreFunction, ItemIdType idType, bool soar = false, bool isRebuilt = false)
    : ItemIndexLaws(scoreFunction, idType)
{
    // More than so many items without codes are coded, at any width. The last calls are small, so that the newest items have none yet.
    private const int CodedCall = 520;
    private const int SmallCall = 33;

    protected override bool IsExact => false;

    // Of a live index, a filter may have been made of an earlier or a later view.
    protected override bool TakesFiltersOfOthers => true;

    [Fact]
    public void Added_items_are_found_whether_they_are_coded_or_not()
    {
        foreach (var sample in new IndexCase[] { new(1100, 5, 6, 40, 1), new(2600, 16, 6, 9, 2), new(4000, 33, 6, 700, 3), new(3000, 2, 6, 2999, 4) })
        {
            var (embeddings, queries, exclusions) = (sample.Embeddings(), sample.Queries(), sample.Exclusions());
            using var live = Make(embeddings, sample.Dimension, Ids(sample.Count), KernelSelection.Current);
            var changes = ((LiveSnapshot)live.Current).Changes;
            Assert.Equal(isRebuilt, changes.CodedCount == 0);
            Assert.Equal(isRebuilt, changes.CodedCount == changes.Added.Count);
            Assert.Equal(!isRebuilt, changes.HasDead);
            foreach (var filter in new[] { null, sample.Filter(0.5), sample.Filter(0.02), sample.Filter(0.5).Not(), sample.Filter(0) })
            {
                var batch = live.Current.SearchBatch(queries, sample.K, filter, exclusions);
                for (var query = 0; query < sample.QueryCount; query++)
                {
                    var vector = Query(sample, queries, query);
                    AssertSame(
                        ScoreOracle.Rank(ScoreFunction, vector, embeddings, filter, []).Take(sample.K), live.Current.Search(vector, sample.K, filter), sample);
                    AssertSame(ScoreOracle.Rank(ScoreFunction, vector, embeddings, filter, exclusions[query]).Take(sample.K), batch[query], sample);
                }
            }
        }
    }

    [Fact]
    public void A_warm_search_allocates_nothing()
    {
        var sample = new IndexCase(12_000, 16, 1, 10, 1);
        using var index = Build(sample);
        var (query, results, filter) = (sample.Queries(), new Candidate[10], sample.Filter(0.5));
        Assert.Equal(0, Allocation.BytesACall(() =>
        {
            index.Search(query, results, filter, [3, 4, 5]);
            index.Search(query, results.AsSpan(0, 3));
        }));
    }

    [Fact]
    public void A_view_says_when_its_live_index_was_disposed()
    {
        var index = Build(new IndexCase(20, 3, 1, 1, 9));
        index.Dispose();
        index.Dispose();
        Assert.Equal("LiveIndex", Assert.Throws<ObjectDisposedException>(() => index.Search([1f, 2f, 3f], 5)).ObjectName);
        Assert.Equal("LiveIndex", Assert.Throws<ObjectDisposedException>(() => index.SearchBatch([1f, 2f, 3f], 5)).ObjectName);
        Assert.Equal("LiveIndex", Assert.Throws<ObjectDisposedException>(() => index.CopyEmbedding(0, new float[3])).ObjectName);
    }

    private protected override IItemIndex Build(float[] embeddings, int dimension, ItemIds ids, InstructionSet instructionSet) =>
        new OwnedView(Make(embeddings, dimension, ids, instructionSet));

    private LiveIndex Make(float[] embeddings, int dimension, ItemIds ids, InstructionSet instructionSet)
    {
        var first = ids.Count - (ids.Count / 4);
        var rows = embeddings.AsSpan(0, first * dimension).ToArray();
        for (var row = 0; row < first; row += 3)
        {
            // As long as the right one.
            foreach (ref var value in rows.AsSpan(row * dimension, dimension))
            {
                value = -value;
            }

            rows.AsSpan(row * dimension, dimension).Reverse();
        }

        using var source = EmbeddingSource.From(rows, dimension);
        var options = new ScannOptions { Tier = ScannTier.Tree, PartitionCount = 7, PartitionsToSearch = 7, RescoringCount = int.MaxValue, Soar = soar };
        var index = ScannIndex.Build(source, Some(ids, Enumerable.Range(0, first)), ScoreFunction, options, PackedLookupKernels.Of(instructionSet));
        var live = new LiveIndex(index, options, rebuildAfter: int.MaxValue);
        try
        {
            // New items among replaced ones, each in the order of its row.
            var replaced = Enumerable.Range(0, first).Where(row => row % 3 == 0).ToArray();
            var written = Enumerable.Range(first, ids.Count - first).Select((row, i) => (Row: row, At: (double)i / Math.Max(1, ids.Count - first)))
                .Concat(replaced.Select((row, i) => (Row: row, At: (double)i / replaced.Length)))
                .OrderBy(pair => pair.At).Select(pair => pair.Row).ToArray();
            for (var at = 0; at < written.Length;)
            {
                var end = Math.Min(written.Length, at + (written.Length - at > CodedCall ? CodedCall : SmallCall));
                Write(live, ids, written[at..end], embeddings, dimension);
                at = end;
            }

            if (isRebuilt)
            {
                live.RebuildAsync(TestContext.Current.CancellationToken).GetAwaiter().GetResult();
            }

            return live;
        }
        catch
        {
            live.Dispose();
            throw;
        }
    }

    private static ItemIds Some(ItemIds ids, IEnumerable<int> rows) => ids.Type == ItemIdType.String
        ? ItemIds.From(rows.Select(ids.GetString).ToArray())
        : ItemIds.From(rows.Select(ids.GetInt64).ToArray());

    private static void Write(LiveIndex live, ItemIds ids, int[] rows, float[] embeddings, int dimension)
    {
        var values = rows.SelectMany(row => embeddings.AsSpan(row * dimension, dimension).ToArray()).ToArray();
        if (ids.Type == ItemIdType.String)
        {
            live.Upsert(Array.ConvertAll(rows, ids.GetString), values);
        }
        else
        {
            live.Upsert(Array.ConvertAll(rows, ids.GetInt64), values);
        }
    }
}

public sealed class LiveViewDotStringLaws() : LiveViewLaws(ScoreFunction.Dot, ItemIdType.String);

public sealed class LiveViewSpilledDotInt64Laws() : LiveViewLaws(ScoreFunction.Dot, ItemIdType.Int64, soar: true);

public sealed class LiveViewCosineInt64Laws() : LiveViewLaws(ScoreFunction.Cosine, ItemIdType.Int64);

public sealed class LiveViewRebuiltSpilledCosineStringLaws() : LiveViewLaws(ScoreFunction.Cosine, ItemIdType.String, soar: true, isRebuilt: true);

public sealed class LiveViewSquaredL2Int64Laws() : LiveViewLaws(ScoreFunction.NegatedSquaredL2, ItemIdType.Int64);
