using System.Diagnostics;
using DotRec.Features;
using DotRec.Modeling;

namespace DotRec.Tutorials;

/// <summary>TFRS' "multitask": one pair of embeddings for ratings and for retrieval, each task alone and both together.</summary>
internal sealed class Multitask : Tutorial
{
    private const int BatchSize = 8192;

    public override string Name => "multitask";

    public override string Summary => "Ratings and retrieval on shared embeddings: each task alone, both together, then with DotRec's settings.";

    public override IEnumerable<Result> Run(TutorialOptions options, TextWriter output)
    {
        Choices[] random = [.. Choices.Random(options.Data!, options.Seeds)];
        Choices[] byTime = [.. Choices.ByTime(options.Data!, options.Seeds)];

        // TFRS adds the mean squared error of a batch to the sum of its retrieval losses; here tasks are weighed by their means, so that its weight of 1 is one of 1 / 8,192
        // beside retrieval.
        var rating = Fit("tutorial: ratings alone", random, split => Tutorial(split, retrieval: 0, rating: 1), BasicRetrieval.Recipe, (".060", "1.113"));
        var retrieval = Fit("tutorial: retrieval alone", random, split => Tutorial(split, retrieval: 1, rating: 0), BasicRetrieval.Recipe, (".233", "3.688"));
        var both = Fit("tutorial: both", random, split => Tutorial(split, retrieval: 1, rating: 1.0 / BatchSize), BasicRetrieval.Recipe, (".235", "1.110"));
        var balanced = Fit("both, tasks weighed by their means", random, split => Tutorial(split, retrieval: 1, rating: 1), BasicRetrieval.Recipe, ("", ""));
        var own = Fit("both, DotRec's settings", random, Own, OwnOptions, ("", ""));
        both[0] = both[0] with { AtLeast = 0.235 };
        both[1] = both[1] with { AtMost = 1.110 };
        own[0] = own[0] with { AtLeast = 0.38 };
        own[1] = own[1] with { AtMost = 0.96 };
        foreach (var result in (IEnumerable<Result>)
        [
            .. rating, .. retrieval, .. both, .. balanced, .. own,
            .. HitRates.Of("popularity", "", random, split => HitRates.History(new PopularityModel(), split)),
            .. Fit("tutorial: both", byTime, split => Tutorial(split, retrieval: 1, rating: 1.0 / BatchSize), BasicRetrieval.Recipe, ("", ""), "by time, "),
            .. Fit("both, DotRec's settings", byTime, Own, OwnOptions, ("", ""), "by time, "),
            .. HitRates.Of("popularity", "", byTime[..1], split => HitRates.History(new PopularityModel(), split), byTime: true),
        ])
        {
            yield return result;
        }

        Claims.Holds(both[0].Mean > rating[0].Mean + 0.1, "a model of both finds films, which one of ratings does not", both[0], rating[0]);
        Claims.Holds(both[1].Mean < retrieval[1].Mean - 1, "a model of both predicts ratings, which one of retrieval does not", both[1], retrieval[1]);
        Claims.Holds(Math.Abs(both[0].Mean - retrieval[0].Mean) < 0.02, "a model of both finds as many films as one of retrieval", both[0], retrieval[0]);
    }

    private static FitOptions OwnOptions { get; } = new() { Epochs = 6, BatchSize = 1024, Optimizer = new Adagrad(0.1), TailAverage = 0.2 };

    private static MultiTaskModel Tutorial(Choices split, double retrieval, double rating) => new(
        new Tower(new StringLookup("user_id", split.Train), new Embedding(32)),
        new Tower(new StringLookup("movie_title", split.Films), new Embedding(32)),
        new Retrieval(split.Catalogue) { CorrectSampling = false, RemoveAccidentalHits = false },
        new RankingHead("rating", "rating", new Ranking(PointwiseLoss.SquaredError)) { Weight = rating })
    {
        RetrievalWeight = retrieval,
    };

    // The towers of the ready model; the head predicts how far a rating is from the mean of all, in deviations.
    private static MultiTaskModel Own(Choices split) => new(
        new Tower(new StringLookup("user_id", split.Train), new Embedding(32) { L2 = 0.06 }, new Bias()),
        new Tower(new StringLookup("movie_title", split.Films), new Embedding(32) { L2 = 0.06 }),
        new Retrieval(split.Catalogue),
        new RankingHead("rating", "rating", new Ranking(PointwiseLoss.SquaredError), new Mlp([64, 1])) { LabelScale = LabelScale.Of(split.Train["rating"]) });

    private static Result[] Fit(
        string name, Choices[] splits, Func<Choices, MultiTaskModel> build, FitOptions options, (string HitRate, string Rmse) published, string prefix = "")
    {
        var (hits, unseen, errors) = (new List<double>(), new List<double>(), new List<double>());
        var (seconds, processor, parameters) = (0.0, 0.0, 0L);
        foreach (var split in splits)
        {
            var model = build(split);
            var clock = Stopwatch.StartNew();
            var before = Environment.CpuUsage.TotalTime;
            model.Fit(split.Train, options with { Seed = split.Seed });
            processor += (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            seconds += clock.Elapsed.TotalSeconds;
            var evaluation = model.Evaluate(split.Test);
            hits.Add(evaluation.Retrieval.All.HitRate[100]);
            unseen.Add(evaluation.Retrieval.ExcludingSeen.HitRate[100]);
            errors.Add(evaluation.Heads["rating"].Rating.Rmse);
            parameters = model.Parameters.Sum(parameter => (long)parameter.Value.Length);
        }

        return
        [
            new Result(name, prefix + "hit@100", hits, published.HitRate, parameters, seconds) { ProcessorSeconds = processor },
            new Result(name, prefix + "RMSE", errors, published.Rmse, parameters, seconds) { ProcessorSeconds = processor },
            new Result(name, prefix + "unseen hit@100", unseen, "", parameters, seconds) { ProcessorSeconds = processor },
        ];
    }
}
