using DotRec.Data;
using DotRec.Indexing;
using DotRec.Kernels;
using DotRec.Pipelines;

namespace DotRec.Benchmarks;

/// <summary>Items and queries of one name; what is trained is trained anew for every seed.</summary>
internal sealed record AblationCorpus(string Name, Func<ulong, VectorCorpus> ForSeed);

/// <summary>The real vectors that ablations are measured on.</summary>
internal sealed class AblationCorpora(string folder)
{
    private const int QueryCount = 2000;
    private const int PerturbedCopies = 99;
    private const ulong SplitSeed = 7;
    private const double HeldOutRatings = 0.2;

    // As published: no header, fields between two colons.
    private static readonly CsvOptions Tweets = new() { Delimiter = "::", Header = ["user_id", "movie_id", "rating", "timestamp"], Quotes = false };

    private readonly Dictionary<(string Name, ulong Seed), VectorCorpus> _trained = [];
    private VectorCorpus? _words;

    /// <summary>Word vectors, then item embeddings with the users' as queries, then those among perturbed copies of themselves.</summary>
    public IReadOnlyList<AblationCorpus> All()
    {
        AblationCorpus[] trained =
        [
            new("ml-1m", seed => Trained("ml-1m", seed, MovieLensRatings("ml-1m-partial-timestamps.zip"))),
            new("ml-latest-small", seed => Trained("ml-latest-small", seed, MovieLensRatings("ml-latest-small.zip"))),
            new("movietweetings", seed => Trained("movietweetings", seed, () => Csv.Read(Path.Combine(folder, "movietweetings-100k.zip", "movietweetings-100k", "ratings.dat"), Tweets))),
        ];
        return
        [
            new("glove-cosine", _ => Words(ScoreFunction.Cosine)),
            new("glove-dot", _ => Words(ScoreFunction.Dot)),
            .. trained,
            .. trained.Select(corpus => new AblationCorpus($"{corpus.Name}-x{PerturbedCopies + 1}", seed => corpus.ForSeed(seed).WithPerturbedCopies(PerturbedCopies, seed))),
        ];
    }

    /// <summary>SIFT descriptors under the squared distance, as inner products of vectors with one more dimension: <see cref="L2Lift"/>.</summary>
    /// <param name="share">The added value of a query as a share of the items' root mean square length.</param>
    public VectorCorpus Lifted(double share)
    {
        var plain = VectorCorpus.HoldOut(Path.Combine(folder, "sift-5k-128d.tsv.gz"), 500, ScoreFunction.NegatedSquaredL2, SplitSeed);
        var mean = Rows(plain.Items, plain.Dimension).Average(row => EmbeddingLength.Squared(row.Span));
        var lift = new L2Lift(mean, (float)(share * Math.Sqrt(mean)));
        return plain with
        {
            Items = [.. Rows(plain.Items, plain.Dimension).SelectMany(row => row.ToArray().Append(lift.ItemValue(EmbeddingLength.Squared(row.Span))))],
            Queries = [.. Rows(plain.Queries, plain.Dimension).SelectMany(row => row.ToArray().Append(lift.QueryValue))],
            Dimension = plain.Dimension + 1,
            ScoreFunction = ScoreFunction.Dot,
        };
    }

    private static IEnumerable<ReadOnlyMemory<float>> Rows(float[] values, int dimension) =>
        Enumerable.Range(0, values.Length / dimension).Select(row => new ReadOnlyMemory<float>(values, row * dimension, dimension));

    private VectorCorpus Words(ScoreFunction scoreFunction)
    {
        _words ??= VectorCorpus.HoldOut(Path.Combine(folder, "glove.6B.50d.txt.gz"), QueryCount, scoreFunction, SplitSeed);
        return _words with { ScoreFunction = scoreFunction };
    }

    private Func<FeatureBatch> MovieLensRatings(string file) => () => MovieLens.LoadRatings(Path.Combine(folder, file));

    // Two towers over ids, with the tuned settings; a fifth of the ratings is held out, only to show that the embeddings mean something.
    private VectorCorpus Trained(string name, ulong seed, Func<FeatureBatch> load)
    {
        if (_trained.TryGetValue((name, seed), out var known))
        {
            return known;
        }

        var ratings = load();
        var data = new RetrievalData(name, ratings, ratings.SelectColumns("movie_id").DistinctBy("movie_id"), "user_id", "movie_id");
        var options = new RetrievalPipelineOptions
        {
            QueryId = data.QueryId,
            ItemId = data.ItemId,
            Test = HoldOut.Random(HeldOutRatings),
            Model = RetrievalModelKind.TwoTower,
            KnowHeldOutValues = true,
            Seed = seed,
        };
        var run = new RetrievalExperiment(data, options, TowerFeatures.Of(options)).Run(new PipelineNotes(progress: null), CancellationToken.None);
        var metrics = run.Evaluation!.Metrics;
        Console.WriteLine(FormattableString.Invariant(
            $"{name}, seed {seed}: hit rate at 100 excluding seen {metrics["excludingSeen.hitRate@100"]:f3}, popularity {metrics["popularity.excludingSeen.hitRate@100"]:f3}"));
        var towers = ((TwoTowerFit)run.Fit).Model;
        var users = towers.EmbedQueries(ratings.SelectColumns("user_id").DistinctBy("user_id"));
        return _trained[(name, seed)] = new VectorCorpus(
            name, towers.EmbedItems(data.Items), Some(users, RetrievalSettings.Tuned.Dimension, seed), RetrievalSettings.Tuned.Dimension, ScoreFunction.Dot);
    }

    private static float[] Some(float[] rows, int dimension, ulong seed)
    {
        var order = Enumerable.Range(0, rows.Length / dimension).ToArray();
        new SeededRandom(seed).Shuffle<int>(order);
        return [.. order.Take(QueryCount).SelectMany(row => rows.AsSpan(row * dimension, dimension).ToArray())];
    }
}
