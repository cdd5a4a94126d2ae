using DotRec.Data;
using DotRec.Indexing;
using DotRec.Modeling;

namespace DotRec.Parity.Tests;

/// <summary>Inputs on which TFRS' corpus metric says what is not so, and what is said here.</summary>
public class EvaluationTrapTests
{
    [Theory]
    [InlineData(1, 0.01)]
    [InlineData(10, 0.1)]
    [InlineData(50, 0.5)]
    public void A_model_that_scores_all_items_alike_finds_none_but_by_their_place(int k, double share)
    {
        // TFRS counts ties as hits, so that an untrained model has a hit rate of 1 at every k.
        var ids = new Column<string>("id", [.. Enumerable.Range(0, 100).Select(i => $"{i}")]);

        var metrics = new FactorizedTopK(new FeatureBatch(ids), "id", k).Evaluate(
            new float[100 * 4], new float[100 * 4], ids, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(share, metrics.HitRate[k], 1e-12);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(64)]
    [InlineData(128)]
    public void The_best_item_of_a_query_is_a_hit_at_one_however_sums_are_rounded(int dimension)
    {
        // TFRS compares a sum of products with an entry of a matrix product; of such items it counts between a quarter and two fifths as misses.
        var random = new NumpyRandom(42);
        var items = random.Normals(1000 * dimension);
        var queries = random.Normals(200 * dimension);
        using var index = BruteForceIndex.Build(items, ItemIds.Range(1000));
        var best = new long[200];
        var found = new Candidate[1];
        for (var query = 0; query < best.Length; query++)
        {
            index.Search(queries.AsSpan(query * dimension, dimension), found);
            best[query] = found[0].Row;
        }

        var catalogue = new FactorizedTopK(new FeatureBatch(new Column<long>("id", [.. Enumerable.Range(0, 1000).Select(i => (long)i)])), "id", 1);
        var metrics = catalogue.Evaluate(queries, items, new Column<long>("id", best), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(1.0, metrics.HitRate[1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_approximate_index_answers_the_same_a_hundred_times_before_and_after_it_was_saved(bool strings)
    {
        var random = new NumpyRandom(42);
        var items = random.Normals(1000 * 4);
        var queries = random.Normals(4 * 4);
        var ids = strings ? ItemIds.From([.. Enumerable.Range(0, 1000).Select(i => $"item {i}")]) : ItemIds.From([.. Enumerable.Range(0, 1000).Select(i => 7L * i)]);
        var folder = Directory.CreateTempSubdirectory("dotrec-parity-").FullName;
        try
        {
            using var built = ScannIndex.Build(items, ids, cancellationToken: TestContext.Current.CancellationToken);
            var path = Path.Combine(folder, "items.index");
            built.Save(path);
            using var opened = (ScannIndex)ItemIndex.Open(path);
            var expected = Answers(built);
            for (var repeat = 0; repeat < 100; repeat++)
            {
                Assert.Equal(expected, Answers(repeat % 2 == 0 ? opened : built));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        (int Row, float Score)[] Answers(ScannIndex index)
        {
            var results = new Candidate[10];
            return [.. Enumerable.Range(0, 4).SelectMany(query => results[..index.Search(queries.AsSpan(query * 4, 4), results)].Select(one => (one.Row, one.Score)).ToArray())];
        }
    }
}
