using System.Text.Json.Nodes;
using DotRec.Modeling;
using DotRec.Pipelines;

namespace DotRec.Benchmarks;

/// <summary>
/// Hit rates on MovieLens 100K by the protocol of TFRS' basic retrieval tutorial: random splits of 80 and 20 % of the ratings, a split and a model a
/// seed, every title a candidate; with what <c>dotrec quickstart --data ml-100k.zip</c> does for each preset, and its baselines.
/// </summary>
internal static class MovieLensNumbers
{
    private const string File = "ml-100k.zip";
    private const int Seeds = 5;
    private const ulong FirstSeed = 42;
    private const double TestFraction = 0.2;
    private static readonly int[] Lengths = [10, 100];

    public static async Task<IReadOnlyDictionary<string, ResultTable>> RunAsync()
    {
        var data = RetrievalData.FromMovieLens(Path.Combine(DataFolder.Find(named: null), File));
        var rows = new List<JsonNode?[]>();
        foreach (var (name, settings) in new[] { ("TFRS' tutorial recipe, `--preset tutorial`", RetrievalSettings.Tutorial), ("the ready model, `--preset tuned`", RetrievalSettings.Tuned) })
        {
            var runs = new List<RetrievalResult>();
            for (var seed = FirstSeed; seed < FirstSeed + Seeds; seed++)
            {
                runs.Add(await new RetrievalPipeline(new RetrievalPipelineOptions
                {
                    QueryId = data.QueryId,
                    ItemId = data.ItemId,
                    Test = HoldOut.Random(TestFraction),
                    Model = RetrievalModelKind.TwoTower,
                    Settings = settings,
                    MeasureEase = true,
                    KnowHeldOutValues = true,
                    Seed = seed,
                }).RunAsync(data));
                Terminal.Say($"{name}, seed {seed}");
            }

            // The splits are those of the seeds, so the baselines are the same for both presets.
            if (rows.Count == 0)
            {
                rows.Add(Row("popularity", runs, run => run.Evaluation.Popularity));
                rows.Add(Row("EASE, λ = 500", runs, run => run.Ease!));
                rows.Add(["TFRS' tutorial as published, one split", null, JsonValue.Create(0.2334), null, null]);
            }

            rows.Add(Row(name, runs, run => run.Evaluation.Retrieval));
            runs.ForEach(run => run.Dispose());
        }

        return new Dictionary<string, ResultTable>(StringComparer.Ordinal)
        {
            ["hit-rates"] = new(
                [
                    new("hit rate"), .. Lengths.Select(k => new ResultColumn(FormattableString.Invariant($"@{k}"), ".0000")),
                    .. Lengths.Select(k => new ResultColumn(FormattableString.Invariant($"@{k}, excluding seen"), ".0000")),
                ],
                rows),
        };
    }

    private static JsonNode?[] Row(string name, List<RetrievalResult> runs, Func<RetrievalResult, RetrievalReport> pick) =>
    [
        name,
        .. Lengths.Select(k => Cell([.. runs.Select(run => pick(run).All.HitRate[k])])),
        .. Lengths.Select(k => Cell([.. runs.Select(run => pick(run).ExcludingSeen!.HitRate[k])])),
    ];

    private static JsonArray Cell(double[] values)
    {
        var (mean, deviation) = SeedStatistics.Of(values);
        return ResultTable.Pair(mean, deviation);
    }
}
