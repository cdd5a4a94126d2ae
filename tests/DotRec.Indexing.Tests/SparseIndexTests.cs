using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

public sealed class SparseIndexTests
{
    private const int Items = 500;
    private const int Dimensions = 60;

    [Fact]
    public void A_sparse_query_gets_the_best_by_sums_and_priors()
    {
        var (index, dense, priors) = Random(seed: 3);
        var random = new SeededRandom(9);
        for (var round = 0; round < 50; round++)
        {
            int[] dimensions = [.. Enumerable.Range(0, round % 7).Select(_ => random.NextInt(Dimensions))];
            float[] weights = [.. dimensions.Select(_ => (float)random.NextDouble() - 0.3f)];
            int[] excluded = [.. Enumerable.Range(0, round).Select(_ => random.NextInt(Items))];
            var filter = round % 3 == 0 ? null : ItemFilter.Where(Items, row => row % 4 != round % 4);
            var expected = Enumerable.Range(0, Items).Where(row => !excluded.Contains(row) && filter?.Allows(row) != false).Select(row =>
            {
                var sum = 0f;
                for (var i = 0; i < dimensions.Length; i++)
                {
                    sum = float.MultiplyAddEstimate(weights[i], dense[row][dimensions[i]], sum);
                }

                return new Candidate(row, sum + priors[row]);
            }).OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.Row).ToArray();

            foreach (var k in new[] { 1, 10, Items })
            {
                var found = new Candidate[k];
                var count = index.Search(dimensions, weights, found, filter, excluded);
                Assert.Equal(expected.Take(k), found.Take(count));
            }
        }
    }

    [Fact]
    public void Without_a_known_dimension_items_come_in_the_order_of_their_priors()
    {
        var index = SparseIndex.Build([0, 1], [2], [1f], ItemIds.Range(4), [1, 3, 0, 3]);
        var found = new Candidate[3];

        Assert.Equal(3, index.Search([-1], [1f], found));

        Assert.Equal([1, 3, 0], found.Select(candidate => candidate.Row));
    }

    [Fact]
    public void A_saved_index_keeps_its_priors()
    {
        var (index, _, _) = Random(seed: 4);
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "sparse.index");
        index.Save(path);
        using var opened = (SparseIndex)ItemIndex.Open(path, ArtifactVerification.Full);
        var (before, after) = (new Candidate[40], new Candidate[40]);

        Assert.Equal(index.Search([3, 8], [1f, 2f], before), opened.Search([3, 8], [1f, 2f], after));

        Assert.Equal(before, after);
        Assert.Equal(index.WeightCount, opened.WeightCount);
    }

    [Fact]
    public void Searches_at_the_same_time_do_not_disturb_one_another()
    {
        var (index, _, _) = Random(seed: 5);
        var expected = Enumerable.Range(0, Dimensions).Select(d => Best(index, d)).ToArray();
        Assert.All(Enumerable.Range(0, 4000).AsParallel().WithDegreeOfParallelism(4).Select(i => (i % Dimensions, Best(index, i % Dimensions))).ToArray(), answer => Assert.Equal(expected[answer.Item1], answer.Item2));

        static Candidate[] Best(SparseIndex index, int dimension)
        {
            var found = new Candidate[20];
            index.Search([dimension, (dimension + 7) % Dimensions], [1f, 0.5f], found);
            return found;
        }
    }

    [Fact]
    public void Mistakes_are_told()
    {
        var index = SparseIndex.Build([0, 1, 2], [0, 1], [1f, 2f], ItemIds.Range(3));
        var found = new Candidate[2];
        Told("dimension 2", () => index.Search([2], [1f], found));
        Told("1 dimensions and 2 weights", () => index.Search([0], [1f, 2f], found));
        Told("NaN", () => index.Search([0], [float.NaN], found));
        Told("Entry 1", () => SparseIndex.Build([0, 2], [1, 1], [1f, 1f], ItemIds.Range(3)));
        Told("Entry 0", () => SparseIndex.Build([0, 1], [3], [1f], ItemIds.Range(3)));
        Told("Entry 0", () => SparseIndex.Build([0, 1], [0], [float.NaN], ItemIds.Range(3)));
        Told("1 lists", () => SparseIndex.Build([0, 5], [0], [1f], ItemIds.Range(3)));
        Told("2 priors for 3", () => SparseIndex.Build([0, 1], [0], [1f], ItemIds.Range(3), [0, 1]));

        static void Told(string part, Action action) => Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
    }

    private static (SparseIndex Index, float[][] Dense, float[] Priors) Random(ulong seed)
    {
        var random = new SeededRandom(seed);
        var dense = Enumerable.Range(0, Items).Select(_ => Enumerable.Range(0, Dimensions).Select(_ => random.NextInt(10) == 0 ? (float)random.NextDouble() - 0.2f : 0).ToArray()).ToArray();
        var (offsets, rows, weights) = (new List<int> { 0 }, new List<int>(), new List<float>());
        for (var d = 0; d < Dimensions; d++)
        {
            foreach (var row in Enumerable.Range(0, Items).Where(row => dense[row][d] != 0))
            {
                rows.Add(row);
                weights.Add(dense[row][d]);
            }

            offsets.Add(rows.Count);
        }

        float[] priors = [.. Enumerable.Range(0, Items).Select(_ => random.NextInt(30) / 1000f)];
        return (SparseIndex.Build(offsets.ToArray(), rows.ToArray(), weights.ToArray(), ItemIds.Range(Items), priors), dense, priors);
    }
}
