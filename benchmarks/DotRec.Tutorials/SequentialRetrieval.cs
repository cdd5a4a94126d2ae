using System.Diagnostics;
using DotRec.Features;
using DotRec.Modeling;

namespace DotRec.Tutorials;

/// <summary>TFRS' "sequential_retrieval": the next film after ten, from a GRU; beside two counting models, which are ahead of it.</summary>
internal sealed class SequentialRetrieval : Tutorial
{
    private const int Width = 32;
    private const int NetworkEpochs = 10;
    private static readonly int[] Ks = [10, 100];
    private SasRec? _network;

    public override string Name => "sequential";

    public override string Summary => "The next film after the last ten, MovieLens 1M: a GRU tower, sequential rules, the linear transition, attention and blends.";

    public override bool NeedsData => false;

    public override bool NeedsOneMillion => true;

    public override IEnumerable<Result> Run(TutorialOptions options, TextWriter output)
    {
        var timelines = Timelines.Load(options.OneMillion!);
        // A fit of a network takes minutes: what needs none is repeated, networks are fitted on the first splits.
        Timelines.Split[] random = [.. Enumerable.Range(1, options.Seeds).Select(seed => timelines.Random((ulong)seed))];
        Timelines.Split[] last = [timelines.LastOfEachUser()];
        var popularity = Of("popularity", ("", ""), random, split => Fitted(new PopularityModel(), split));
        var rules = Of("sequential rules", ("", ""), random, split => Fitted(Rules(), split));
        var counted = Of("rules and linear transition, blended", ("", ""), random, split => Fitted(Counted(), split));
        counted[0] = counted[0] with { AtLeast = 0.211 };
        counted[1] = counted[1] with { AtLeast = 0.591 };
        foreach (var result in (IEnumerable<Result>)
        [
            .. popularity, .. rules, .. Of("linear transition", ("", ""), random, split => Fitted(Transition(), split)), .. counted,
            .. Of("popularity", ("", ""), last, split => Fitted(new PopularityModel(), split), "by time, "),
            .. Of("sequential rules", ("", ""), last, split => Fitted(Rules(), split), "by time, "),
            .. Of("rules and linear transition, blended", ("", ""), last, split => Fitted(Counted(), split), "by time, "),
        ])
        {
            yield return result;
        }

        var gru = Of("tutorial: GRU, Adagrad .1, 3 epochs", (".1355", ".505"), random[..1], split => Gru(split, corrections: false));
        yield return gru[0] with { AtLeast = 0.1355 };
        yield return gru[1] with { AtLeast = 0.505 };
        var attention = Of("SASRec", ("", ""), random[..1], Attention);
        var blend = Of("SASRec and linear transition, blended 1 : .1", ("", ""), random[..1], Blend);
        foreach (var result in (IEnumerable<Result>)[.. attention, blend[0] with { AtLeast = 0.211 }, blend[1] with { AtLeast = 0.591 }])
        {
            yield return result;
        }

        foreach (var result in (IEnumerable<Result>)
        [
            .. Of("the tutorial's GRU, corrected as by default", ("", ""), random[..1], split => Gru(split, corrections: true)),
            .. Of("tutorial: GRU, Adagrad .1, 3 epochs", ("", ""), last, split => Gru(split, corrections: false), "by time, "),
        ])
        {
            yield return result;
        }

        output.WriteLine(FormattableString.Invariant($"\n{timelines.ExampleCount:N0} examples (TFRS: 937,994), {timelines.FilmCount:N0} films."));
        Claims.Holds(gru[0].Mean > popularity[0].Mean + 0.05, "the order of films says more than their popularity", gru[0], popularity[0]);
        Claims.Holds(rules[0].Mean > gru[0].Mean, "counting what comes after what is ahead of the tutorial's network", rules[0], gru[0]);
    }

    private static SequentialRulesModel Rules() => new() { Decay = 0.8 };

    private static BlendModel Counted() => new(Rules(), Transition()) { Weight = 0.7 };

    private static ItemTransitionModel Transition() => new() { Decay = 0.85, Regularization = 400 };

    private static Func<RetrievalReport> Fitted(HistoryModel model, Timelines.Split split)
    {
        model.Fit(split.Train);
        return () => model.Evaluate(split.Test, Ks);
    }

    // Long histories are cut: a context of the test has ten films, and every place of a part is an example.
    private static SasRec Network(Timelines.Split split)
    {
        var parts = Enumerable.Range(0, split.Train.Count).SelectMany(user => split.Train.Of(user).ToArray().Chunk(20)).Where(part => part.Length > 1);
        var model = new SasRec(new SasRecOptions { Length = 20 });
        model.Fit(Histories.Of(split.Train.ItemCount, [.. parts]), new HistoryFitOptions { Epochs = NetworkEpochs, Seed = 1 });
        return model;
    }

    private Func<RetrievalReport> Attention(Timelines.Split split)
    {
        _network = Network(split);
        return () => _network.Evaluate(split.Test, Ks);
    }

    private Func<RetrievalReport> Blend(Timelines.Split split)
    {
        var transition = Transition();
        transition.Fit(split.Train);
        var blend = new BlendModel(_network!, transition) { Weight = 0.1 };
        return () => blend.Evaluate(split.Test, Ks);
    }

    // The notebook's model: an embedding of each of ten films, also of the padding behind them; films to be found have a table of their own.
    private static Func<RetrievalReport> Gru(Timelines.Split split, bool corrections)
    {
        var films = split.Films.Get<long>("movie_id").Values.ToArray();
        var table = new Embedding(Width);
        var context = Timelines.ContextColumns.Select(column => new Layer[] { new IntegerLookup(column, films), table }).ToArray();
        var model = new TwoTowerModel(
            new Tower(new Concatenate(context), new GruLayer(context.Length, Width)),
            new Tower(new IntegerLookup("movie_id", films), new Embedding(Width)),
            new Retrieval(new FactorizedTopK(split.Films, "movie_id", Ks)) { CorrectSampling = corrections, RemoveAccidentalHits = corrections });
        model.Fit(split.TrainRows, new FitOptions { Epochs = 3, BatchSize = 12_800, Optimizer = new Adagrad(0.1), Seed = 1 });
        return () => model.Evaluate(split.TestRows).Retrieval;
    }

    private static Result[] Of(string name, (string Ten, string Hundred) published, Timelines.Split[] splits, Func<Timelines.Split, Func<RetrievalReport>> fit, string prefix = "")
    {
        var reports = new List<RetrievalReport>();
        var (seconds, processor) = (0.0, 0.0);
        foreach (var split in splits)
        {
            var clock = Stopwatch.StartNew();
            var before = Environment.CpuUsage.TotalTime;
            var measure = fit(split);
            processor += (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            seconds += clock.Elapsed.TotalSeconds;
            reports.Add(measure());
        }

        return
        [
            new Result(name, prefix + "hit@10", [.. reports.Select(report => report.All.HitRate[10])], published.Ten, 0, seconds) { ProcessorSeconds = processor },
            new Result(name, prefix + "hit@100", [.. reports.Select(report => report.All.HitRate[100])], published.Hundred, 0, seconds) { ProcessorSeconds = processor },
        ];
    }
}
