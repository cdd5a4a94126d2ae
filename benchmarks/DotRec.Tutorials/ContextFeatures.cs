using DotRec.Modeling;

namespace DotRec.Tutorials;

/// <summary>TFRS' "context_features": what the time of the request adds to an id; and what of it is left when the test comes after the training.</summary>
internal sealed class ContextFeatures : Tutorial
{
    public override string Name => "context-features";

    public override string Summary => "Films for users, with and without the time of the request, by random splits and by time.";

    public override IEnumerable<Result> Run(TutorialOptions options, TextWriter output)
    {
        Choices[] random = [.. Choices.Random(options.Data!, options.Seeds)];
        Choices[] byTime = [.. Choices.ByTime(options.Data!, options.Seeds)];
        var without = Fit("tutorial: without time", ".21", random, withTime: false);
        var with = Fit("tutorial: with time", ".25", random, withTime: true);
        var corrected = Fit("without time, corrected as by default", "", random, withTime: false, corrections: true);
        var correctedTime = Fit("with time, corrected as by default", "", random, withTime: true, corrections: true);
        foreach (var result in (IEnumerable<Result>)[without[0] with { AtLeast = 0.21 }, without[1], with[0] with { AtLeast = 0.25 }, with[1], .. corrected, .. correctedTime])
        {
            yield return result;
        }

        foreach (var result in HitRates.Of("sequential rules, the time of the request known", "", random, BasicRetrieval.RulesNear))
        {
            yield return result;
        }

        var later = Fit("tutorial: without time", "", byTime, withTime: false, byTime: true);
        var laterTime = Fit("tutorial: with time", "", byTime, withTime: true, byTime: true);
        var popularity = HitRates.Of("popularity", "", byTime[..1], split => HitRates.History(new PopularityModel(), split), byTime: true);
        foreach (var result in (IEnumerable<Result>)[.. later, .. laterTime, .. popularity])
        {
            yield return result;
        }

        Claims.Holds(with[0].Mean > without[0].Mean, "the time of the request helps where a random split lets the model see the future", with[0], without[0]);
        Claims.Holds(correctedTime[0].Mean > with[0].Mean, "the corrections help beside it", correctedTime[0], with[0]);
    }

    private static IReadOnlyList<Result> Fit(string name, string published, Choices[] splits, bool withTime, bool corrections = false, bool byTime = false) => HitRates.Of(
        name, published, splits, split => HitRates.Towers(FeatureTowers.Model(split, withTime, [32], corrections), split, FeatureTowers.Recipe(epochs: 3)), byTime);
}
