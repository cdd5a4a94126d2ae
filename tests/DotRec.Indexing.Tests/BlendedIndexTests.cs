using DotRec.Kernels;

namespace DotRec.Indexing.Tests;

public sealed class BlendedIndexTests
{
    private const int Items = 3000;
    private const int Dimension = 16;
    private const int ListLength = 40;

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(1.0)]
    [InlineData(7.0)]
    public void Finds_what_scoring_all_items_finds(double weight)
    {
        var corpus = new Corpus(seed: 5);
        var blend = new BlendedIndex(corpus.Exact, corpus.Lists, weight);
        var random = new SeededRandom(11);
        for (var round = 0; round < 40; round++)
        {
            var query = Corpus.Query(random);
            int[] history = [.. Enumerable.Range(0, round % 9).Select(_ => random.NextInt(Items))];
            float[] weights = [.. history.Select((_, age) => MathF.Pow(0.8f, age))];
            var filter = (round % 4) switch { 1 => ItemFilter.Where(Items, row => row % 3 == 0), 2 => ItemFilter.Where(Items, row => row < 7), _ => null };
            var excluded = round % 3 == 0 ? history : [];
            var expected = Standardized(corpus, query, history, weights, weight);
            foreach (var k in new[] { 1, 10, 500, Items + 5 })
            {
                var found = new Candidate[k];
                var count = blend.Search(query, history, weights, found, filter, excluded);
                var best = Enumerable.Range(0, Items).Where(row => filter?.Allows(row) != false && !excluded.Contains(row))
                    .OrderByDescending(row => expected[row]).Take(k).ToArray();

                Assert.Equal(best.Length, count);
                Assert.Equal(count, found.Take(count).Select(candidate => candidate.Row).Distinct().Count());
                for (var i = 0; i < count; i++)
                {
                    // Scores in float32: neighbours may change places, figures may not.
                    Assert.Equal(expected[best[i]], found[i].Score, 1e-3);
                    Assert.Equal(expected[found[i].Row], found[i].Score, 1e-3);
                    Assert.True(filter?.Allows(found[i].Row) != false && !excluded.Contains(found[i].Row));
                }
            }
        }
    }

    [Fact]
    public void What_says_nothing_changes_nothing()
    {
        var corpus = new Corpus(seed: 6);
        var blend = new BlendedIndex(corpus.Exact, corpus.Lists, 1);
        var (found, alone) = (new Candidate[20], new Candidate[20]);

        blend.Search(new float[Dimension], [3, 4], [1f, 1f], found);
        corpus.Lists.Search([3, 4], [1f, 1f], alone);
        Assert.Equal(alone.Select(candidate => candidate.Row), found.Select(candidate => candidate.Row));

        var query = Corpus.Query(new SeededRandom(1));
        new BlendedIndex(corpus.Exact, SparseIndex.Build([.. new int[Items + 1]], [], [], ItemIds.Range(Items)), 1).Search(query, [3, 4], [1f, 1f], found);
        corpus.Exact.Search(query, alone);
        Assert.Equal(alone.Select(candidate => candidate.Row), found.Select(candidate => candidate.Row));
    }

    [Fact]
    public void Over_an_approximate_index_most_of_the_best_are_found()
    {
        var corpus = new Corpus(seed: 7);
        using var approximate = ScannIndex.Build(corpus.Embeddings, ItemIds.Range(Items), ScoreFunction.Dot, cancellationToken: TestContext.Current.CancellationToken);
        var blend = new BlendedIndex(approximate, corpus.Lists, 0.3);
        var exact = new BlendedIndex(corpus.Exact, corpus.Lists, 0.3);
        var random = new SeededRandom(3);
        var shared = 0;
        for (var i = 0; i < 50; i++)
        {
            var query = Corpus.Query(random);
            var (found, best) = (new Candidate[10], new Candidate[10]);
            Assert.Equal(10, blend.Search(query, [i, 2 * i], [1f, 0.5f], found));
            exact.Search(query, [i, 2 * i], [1f, 0.5f], best);
            shared += found.Select(candidate => candidate.Row).Intersect(best.Select(candidate => candidate.Row)).Count();
        }

        Assert.InRange(shared, 450, 500);
    }

    [Fact]
    public void Searches_at_the_same_time_do_not_disturb_one_another()
    {
        var corpus = new Corpus(seed: 8);
        var blend = new BlendedIndex(corpus.Exact, corpus.Lists, 0.5);
        var random = new SeededRandom(4);
        var queries = Enumerable.Range(0, 16).Select(_ => Corpus.Query(random)).ToArray();
        var expected = queries.Select((query, i) => Best(i)).ToArray();

        Assert.All(Enumerable.Range(0, 400).AsParallel().WithDegreeOfParallelism(4).Select(i => (i % 16, Best(i % 16))).ToArray(), answer => Assert.Equal(expected[answer.Item1], answer.Item2));

        Candidate[] Best(int i)
        {
            var found = new Candidate[15];
            blend.Search(queries[i], [i, i + 9], [1f, 2f], found);
            return found;
        }
    }

    [Fact]
    public void Indexes_of_other_items_and_queries_of_another_shape_are_refused()
    {
        var corpus = new Corpus(seed: 9);
        var fewer = SparseIndex.Build([0, 1], [0], [1f], ItemIds.Range(Items - 1));
        Assert.Contains("3000 embeddings and lists of 2999 items", Assert.Throws<ArgumentException>(() => new BlendedIndex(corpus.Exact, fewer, 1)).Message, StringComparison.Ordinal);
        var others = SparseIndex.Build([0, 1], [0], [1f], ItemIds.From([.. Enumerable.Range(1, Items).Select(id => (long)id)]));
        Assert.Contains("Row 0 is item '0' of the embeddings and item '1' of the lists", Assert.Throws<ArgumentException>(() => new BlendedIndex(corpus.Exact, others, 1)).Message, StringComparison.Ordinal);
        using var cosine = BruteForceIndex.Build(corpus.Embeddings, ItemIds.Range(Items), ScoreFunction.Cosine);
        Assert.Contains("only inner products", Assert.Throws<ArgumentException>(() => new BlendedIndex(cosine, corpus.Lists, 1)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new BlendedIndex(corpus.Exact, corpus.Lists, -1));

        var blend = new BlendedIndex(corpus.Exact, corpus.Lists, 1);
        var found = new Candidate[3];
        Assert.Throws<ArgumentException>(() => blend.Search(new float[3], [], [], found));
        Assert.Throws<ArgumentException>(() => blend.Search(new float[Dimension], [Items], [1f], found));
        Assert.Throws<ArgumentException>(() => blend.Search(new float[Dimension], [1], [float.NaN], found));
        Assert.Equal(0, blend.Search(new float[Dimension], [1], [1f], []));
    }

    // In double precision, over all items.
    private static double[] Standardized(Corpus corpus, float[] query, int[] history, float[] weights, double weight)
    {
        var first = Enumerable.Range(0, Items).Select(row => Enumerable.Range(0, Dimension).Sum(d => (double)query[d] * corpus.Embeddings[(row * Dimension) + d])).ToArray();
        var second = corpus.Priors.Select(prior => (double)prior).ToArray();
        for (var i = 0; i < history.Length; i++)
        {
            for (var entry = 0; entry < ListLength; entry++)
            {
                var at = (history[i] * ListLength) + entry;
                second[corpus.Rows[at]] += (double)weights[i] * corpus.Weights[at];
            }
        }

        Standardize(first);
        Standardize(second);
        return [.. first.Zip(second, (a, b) => a + (weight * b))];

        static void Standardize(double[] scores)
        {
            var mean = scores.Average();
            var deviation = Math.Sqrt(scores.Average(score => (score - mean) * (score - mean)));
            for (var i = 0; i < scores.Length; i++)
            {
                scores[i] = (scores[i] - mean) / deviation;
            }
        }
    }

    private sealed class Corpus
    {
        public Corpus(ulong seed)
        {
            var random = new SeededRandom(seed);
            Embeddings = [.. Enumerable.Range(0, Items * Dimension).Select(i => (float)random.NextNormal() + (i % Dimension == 0 ? 2 : 0))];
            Priors = [.. Enumerable.Range(0, Items).Select(_ => 0.01f * (float)random.NextDouble())];
            Rows = [.. Enumerable.Range(0, Items).SelectMany(_ => RowsOfOne(random))];
            Weights = [.. Rows.Select(_ => (float)random.NextDouble())];
            Exact = BruteForceIndex.Build(Embeddings, ItemIds.Range(Items), ScoreFunction.Dot);
            Lists = SparseIndex.Build([.. Enumerable.Range(0, Items + 1).Select(item => item * ListLength)], Rows, Weights, ItemIds.Range(Items), Priors);
        }

        public float[] Embeddings { get; }

        public float[] Priors { get; }

        public int[] Rows { get; }

        public float[] Weights { get; }

        public BruteForceIndex Exact { get; }

        public SparseIndex Lists { get; }

        public static float[] Query(SeededRandom random) => [.. Enumerable.Range(0, Dimension).Select(_ => (float)random.NextNormal())];

        private static SortedSet<int> RowsOfOne(SeededRandom random)
        {
            var rows = new SortedSet<int>();
            while (rows.Count < ListLength)
            {
                rows.Add(random.NextInt(Items));
            }

            return rows;
        }
    }
}
