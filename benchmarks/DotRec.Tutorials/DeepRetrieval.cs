namespace DotRec.Tutorials;

/// <summary>TFRS' "deep_recommenders": towers of one, two and three dense layers, fitted for 300 epochs; and the same in three with the corrections.</summary>
internal sealed class DeepRetrieval : Tutorial
{
    private static readonly (string Name, int[] Widths, string Published)[] Towers =
    [
        ("1 layer, 32", [32], ".27"),
        ("2 layers, 64-32", [64, 32], ".29"),
        ("3 layers, 128-64-32", [128, 64, 32], "no better"),
    ];

    public override string Name => "deep-retrieval";

    public override string Summary => "Towers of one to three dense layers, 300 epochs as in the notebook, and a few with corrections.";

    public override IEnumerable<Result> Run(TutorialOptions options, TextWriter output)
    {
        // 300 epochs cost minutes, so that they are of one split, as the notebook's.
        Choices[] one = [.. Choices.Random(options.Data!, 1)];
        Choices[] random = [.. Choices.Random(options.Data!, options.Seeds)];
        Choices[] byTime = [.. Choices.ByTime(options.Data!, options.Seeds)];
        var long300 = new List<Result>();
        foreach (var (name, widths, published) in Towers)
        {
            var results = HitRates.Of(
                $"tutorial: {name}, 300 epochs", published, one, split => HitRates.Towers(FeatureTowers.Model(split, withTime: true, widths), split, FeatureTowers.Recipe(epochs: 300)));
            long300.Add(results[0]);
            yield return widths.Length == 2 ? results[0] with { AtLeast = 0.29 } : results[0];
            yield return results[1];
        }

        foreach (var (name, widths, _) in Towers)
        {
            foreach (var result in HitRates.Of($"{name}, corrected as by default, 5 epochs", "", random, split => Corrected(split, widths)))
            {
                yield return result with { AtLeast = result.Metric == "hit@100" ? 0.29 : null };
            }
        }

        foreach (var (name, widths, _) in Towers)
        {
            foreach (var result in HitRates.Of($"{name}, corrected as by default, 5 epochs", "", byTime, split => Corrected(split, widths), byTime: true))
            {
                yield return result;
            }
        }

        Claims.Holds(long300[2].Mean < Math.Max(long300[0].Mean, long300[1].Mean) + 0.01, "a third layer adds nothing", long300[1], long300[2]);
    }

    private static HitRates.Fitted Corrected(Choices split, int[] widths) =>
        HitRates.Towers(FeatureTowers.Model(split, withTime: true, widths, corrections: true), split, FeatureTowers.Recipe(epochs: 5));
}
