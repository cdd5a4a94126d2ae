using DotRec.Features;
using DotRec.Modeling;

namespace DotRec.Tutorials;

/// <summary>TFRS' "basic_retrieval": films for users from an embedding of each; then the same towers as DotRec fits them, and models that need no towers.</summary>
internal sealed class BasicRetrieval : Tutorial
{
    // What TFRS' notebook prints in its three stored renderings.
    private const string Published = ".2334, .2325";

    public override string Name => "basic-retrieval";

    public override string Summary => "Films for users from an embedding of each, by random splits and by time; beside counting and closed forms.";

    /// <summary>The notebook's settings. Its losses are sums, as the task's are.</summary>
    public static FitOptions Recipe { get; } = new() { Epochs = 3, BatchSize = 8192, Optimizer = new Adagrad(0.1) };

    public override IEnumerable<Result> Run(TutorialOptions options, TextWriter output)
    {
        Choices[] random = [.. Choices.Random(options.Data!, options.Seeds)];
        Choices[] byTime = [.. Choices.ByTime(options.Data!, options.Seeds)];
        var tutorial = HitRates.Of("tutorial: Adagrad .1, 3 epochs", Published, random, split => HitRates.Towers(Plain(split, corrections: false), split, Recipe));
        yield return tutorial[0] with { AtLeast = 0.2334 };
        yield return tutorial[1];
        var corrected = HitRates.Of("the same, corrected as by default", "", random, split => HitRates.Towers(Plain(split, corrections: true), split, Recipe));
        var tuned = HitRates.Of("two towers, DotRec's settings", "", random, split => HitRates.Towers(Tuned(split), split, TunedOptions));
        var popularity = HitRates.Of("popularity", "", random, split => HitRates.History(new PopularityModel(), split));
        foreach (var result in (IEnumerable<Result>)[.. corrected, .. tuned, .. popularity])
        {
            yield return result;
        }

        foreach (var (name, model) in Baselines)
        {
            foreach (var result in HitRates.Of(name, "", random, split => HitRates.History(model(), split)))
            {
                yield return result;
            }
        }

        var near = HitRates.Of("sequential rules, the time of the request known", "", random, RulesNear);
        yield return near[0] with { AtLeast = 0.43 };
        yield return near[1] with { AtLeast = 0.64 };
        foreach (var result in HitRates.Of("the same, only what was rated before it", "", random, RulesBefore))
        {
            yield return result;
        }

        // By time most users of the test are new, so that only what is known without them counts.
        foreach (var (name, fit) in (IEnumerable<(string, Func<Choices, HitRates.Fitted>)>)
        [
            ("tutorial: Adagrad .1, 3 epochs", split => HitRates.Towers(Plain(split, corrections: false), split, Recipe)),
            ("two towers, DotRec's settings", split => HitRates.Towers(Tuned(split), split, TunedOptions)),
            ("popularity", split => HitRates.History(new PopularityModel(), split)),
            ("popularity of the last 30 days", RecentPopularity),
            .. Baselines.Select(one => (one.Name, (Func<Choices, HitRates.Fitted>)(split => HitRates.History(one.Model(), split)))),
            ("sequential rules", RulesBefore),
        ])
        {
            foreach (var result in HitRates.Of(name, "", name.Contains("tower", StringComparison.Ordinal) || name.StartsWith("tut", StringComparison.Ordinal) ? byTime : byTime[..1], fit, byTime: true))
            {
                yield return result;
            }
        }

        // What the notebook says of its own figures, and what it does not say: that counting is ahead of them.
        Claims.Holds(popularity[0].Mean > tutorial[0].Mean, "popularity finds more than the tutorial's model", popularity[0], tutorial[0]);
        Claims.Holds(corrected[0].Mean > popularity[0].Mean, "the corrections alone bring the tutorial's model above popularity", corrected[0], popularity[0]);
        var train = Plain(random[0], corrections: false);
        train.Fit(random[0].Train, Recipe with { Seed = 1 });
        var onTrain = train.Evaluate(random[0].Train.Slice(0, 20_000)).Retrieval.All.HitRate[100];
        output.WriteLine(FormattableString.Invariant($"\nThe tutorial's model on 20,000 of its training rows: {onTrain:0.0000} (TFRS: .3056)."));
        Claims.Holds(onTrain > tutorial[0].Mean, "the model finds more of what it was trained on than of the test", onTrain, tutorial[0].Mean);
    }

    /// <summary>The notebook's model.</summary>
    /// <param name="split">The data.</param>
    /// <param name="corrections">Whether scores are corrected for popularity and accidental hits are left out: not in TFRS, by default here.</param>
    public static TwoTowerModel Plain(Choices split, bool corrections) => new(
        new Tower(new StringLookup("user_id", split.Train), new Embedding(32)),
        new Tower(new StringLookup("movie_title", split.Films), new Embedding(32)),
        new Retrieval(split.Catalogue) { CorrectSampling = corrections, RemoveAccidentalHits = corrections });

    /// <summary>What the library's pipeline trains by default, see docs/decisions/0006.</summary>
    public static TwoTowerModel Tuned(Choices split) => new(
        new Tower(new StringLookup("user_id", split.Train), new Embedding(32) { L2 = 0.06 }, new Bias()),
        new Tower(new StringLookup("movie_title", split.Films), new Embedding(32) { L2 = 0.06 }),
        new Retrieval(split.Catalogue));

    public static FitOptions TunedOptions { get; } = new() { Epochs = 3, BatchSize = 1024, Optimizer = new Adagrad(0.2), TailAverage = 0.2 };

    // Settings chosen on a tenth of the training rows of a split that no table uses.
    private static (string Name, Func<HistoryModel> Model)[] Baselines { get; } =
    [
        ("item-kNN", () => new ItemKnnModel()),
        ("EASE, λ 500", () => new EaseModel { Regularization = 500 }),
        ("iALS, 32 wide, λ .03", () => new IalsModel { Dimension = 32, Regularization = 0.03 }),
    ];

    /// <summary>
    /// Films are rated in sittings, one page of suggestions after another: what was rated nearest in time, before or after, says what else was. A random split
    /// lets every model see the future; this one makes use of it, as TFRS' timestamps do.
    /// </summary>
    public static HitRates.Fitted RulesNear(Choices split)
    {
        var had = Enumerable.Range(0, split.Histories.Count).Select(user => (IReadOnlyList<int>)split.Histories.Of(user).ToArray()).ToArray();
        var model = new SequentialRulesModel { Decay = 0.9 };
        model.Fit(Histories.Of(split.Histories.ItemCount, [.. had, .. had.Select(list => (IReadOnlyList<int>)[.. list.Reverse()])]));
        return new HitRates.Fitted(
            () => model.Evaluate(split.ExamplesAt((films, now) => films.OrderByDescending(film => Math.Abs(film.Time - now)).Select(film => film.Film)), [100]), 0);
    }

    /// <summary>The same in one direction: histories end where the request is made.</summary>
    private static HitRates.Fitted RulesBefore(Choices split)
    {
        var model = new SequentialRulesModel { Decay = 0.9 };
        model.Fit(split.Histories);
        return new HitRates.Fitted(
            () => model.Evaluate(split.ExamplesAt((films, now) => films.Where(film => film.Time <= now).OrderBy(film => film.Time).Select(film => film.Film)), [100]), 0);
    }

    private static HitRates.Fitted RecentPopularity(Choices split)
    {
        var times = split.Train.Get<long>("timestamp").Values.ToArray();
        var start = times.Max() - (30 * 24 * 3600);
        var recent = split.Train.Select([.. Enumerable.Range(0, times.Length).Where(row => times[row] >= start)]);
        var model = new PopularityModel();
        model.Fit(Histories.Of(recent, "user_id", "movie_title", split.Films, "timestamp"));
        return new HitRates.Fitted(() => model.Evaluate(split.Examples, [100]), 0);
    }
}
