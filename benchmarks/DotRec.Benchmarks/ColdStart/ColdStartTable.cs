using System.Globalization;
using DotRec.Data;
using DotRec.Modeling;
using DotRec.Pipelines;

namespace DotRec.Benchmarks;

/// <summary>
/// Two towers on films that training did not know, by the share of ids that training takes for unknown, beside the same on films it knew; on users it did not know; and
/// with ratings below four as explicit negatives: <c>cold-start SET [items|queries|negatives] [seeds=N] [rates=R,R,…]</c>. Means and standard deviations over seeds.
/// </summary>
internal static class ColdStartTable
{
    private static readonly RetrievalPipelineOptions Options = new()
    {
        QueryId = "user_id",
        ItemId = "movie_id",
        ItemFeatures = ["genres", "year"],
        Model = RetrievalModelKind.TwoTower,
        CreateRecommender = false,
    };

    public static async Task<int> PrintAsync(string[] arguments)
    {
        var values = arguments.Where(argument => argument.Contains('=', StringComparison.Ordinal)).Select(argument => argument.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        if (arguments.FirstOrDefault() is not { } name || !DescribedItems.Names.Contains(name, StringComparer.Ordinal))
        {
            Console.Error.WriteLine($"cold-start {string.Join('|', DescribedItems.Names)} [items|queries|negatives] [seeds=N] [rates=R,R,…]");
            return 2;
        }

        var (ratings, films) = DescribedItems.Load(name, DataFolder.Find(null));
        var seeds = Enumerable.Range(1, int.Parse(values.GetValueOrDefault("seeds", "3"), CultureInfo.InvariantCulture)).Select(seed => (ulong)seed).ToArray();
        var rates = values.GetValueOrDefault("rates", "0,0.02,0.05,0.1,0.2,0.5").Split(',').Select(rate => double.Parse(rate, CultureInfo.InvariantCulture)).ToArray();
        switch (arguments.ElementAtOrDefault(1))
        {
            case "queries":
                await QueriesAsync(name, ratings, seeds);
                break;
            case "negatives":
                await NegativesAsync(name, ratings, films, seeds);
                break;
            default:
                await ItemsAsync(name, ratings, films, seeds, rates);
                break;
        }

        return 0;
    }

    private static async Task ItemsAsync(string name, FeatureBatch ratings, FeatureBatch films, ulong[] seeds, double[] rates)
    {
        Console.WriteLine($"| {name}, {seeds.Length} seeds | known: HR@10 | HR@100 | new among all: HR@10 | HR@100 | new among new: HR@10 | NDCG@10 |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var rate in rates)
        {
            var (known, cold) = (new List<RetrievalMetrics>(), new List<ColdStartEvaluation>());
            foreach (var seed in seeds)
            {
                var options = Options with { Seed = seed, Settings = RetrievalSettings.Tuned with { IdDropout = rate } };
                using (var result = await new RetrievalPipeline(options).RunAsync(ratings, films))
                {
                    known.Add(result.Recommended(result.Evaluation.Retrieval));
                }

                using var held = await new RetrievalPipeline(options with { Test = HoldOut.ColdItems(0.1) }).RunAsync(ratings, films);
                cold.Add(held.ColdStart!);
            }

            if (rate == rates[0])
            {
                foreach (var other in cold[0].Results.SkipLast(1))
                {
                    Row(other.Name, null, [.. cold.Select(one => one.Results.Single(result => result.Name == other.Name))]);
                }
            }

            Row(string.Create(CultureInfo.InvariantCulture, $"id dropout {rate}"), known, [.. cold.Select(one => one.Results[^1])]);
        }
    }

    private static async Task QueriesAsync(string name, FeatureBatch ratings, ulong[] seeds)
    {
        Console.WriteLine($"| {name}, {seeds.Length} seeds, new users | HR@10 | HR@100 | NDCG@10 |\n| --- | ---: | ---: | ---: |");
        string[][] kinds = ratings.TryGet("occupation", out _) ? [[], DescribedItems.UserColumns] : [[]];
        foreach (var columns in kinds)
        {
            var runs = new List<ColdStartEvaluation>();
            foreach (var seed in seeds)
            {
                using var result = await new RetrievalPipeline(Options with { Seed = seed, ItemFeatures = [], QueryFeatures = columns, Test = HoldOut.ColdQueries(0.1) }).RunAsync(ratings);
                runs.Add(result.ColdStart!);
            }

            foreach (var one in runs[0].Results.Where(one => columns.Length == 0 || one == runs[0].Results[^1]))
            {
                var of = runs.Select(run => run.Results.Single(result => result.Name == one.Name).AmongAll).ToArray();
                Console.WriteLine($"| {one.Name}{(one != runs[0].Results[^1] ? "" : columns.Length == 0 ? ", id alone" : ", id, age, gender, occupation")} | {Text(of, metrics => metrics.HitRate[10])} | {Text(of, metrics => metrics.HitRate[100])} | {Text(of, metrics => metrics.Ndcg[10])} |");
            }
        }
    }

    // Chosen is what was rated four or more: of the held-out rows those are measured, in all three cases the same.
    private static async Task NegativesAsync(string name, FeatureBatch ratings, FeatureBatch films, ulong[] seeds)
    {
        const float Liked = 4;
        var most = ratings.Get<float>("rating").Values.ToArray().Max();
        var from = most > 5 ? 2 * Liked : Liked;
        var label = new Column<long>("liked", [.. ratings.Get<float>("rating").Values.ToArray().Select(rating => rating >= from ? 1L : 0L)]);
        var labelled = ratings.With(label);
        Console.WriteLine($"| {name}, {seeds.Length} seeds, liked films | HR@10 | HR@100 | NDCG@10 |\n| --- | ---: | ---: | ---: |");
        double[] weights = [0.03, 0.1, 0.3, 1];
        var (chosen, weighted) = (new List<RetrievalMetrics>(), new List<RetrievalMetrics>());
        var with = Array.ConvertAll(weights, _ => new List<RetrievalMetrics>());
        foreach (var seed in seeds)
        {
            var (rest, test) = labelled.RandomSplit(0.9, seed);
            test = test.Select([.. Enumerable.Range(0, test.RowCount).Where(row => test.Get<long>("liked").Values[row] == 1)]);
            var options = Options with { Seed = seed, ExcludeSeen = false };
            await Add(chosen, rest.Select([.. Enumerable.Range(0, rest.RowCount).Where(row => rest.Get<long>("liked").Values[row] == 1)]), options);
            foreach (var (place, weight) in weights.Index())
            {
                await Add(with[place], rest, options with { Label = "liked", Settings = options.Settings with { NegativeWeight = weight } });
            }

            await Add(weighted, rest, options with { Weight = "rating" });

            async Task Add(List<RetrievalMetrics> to, FeatureBatch train, RetrievalPipelineOptions how)
            {
                using var result = await new RetrievalPipeline(how).RunAsync(train, films, test);
                to.Add(result.Evaluation.Retrieval.All);
            }
        }

        var all = weights.Index().Select(one => (string.Create(CultureInfo.InvariantCulture, $"liked, the others as negatives of weight {one.Item}"), with[one.Index]));
        foreach (var (title, of) in all.Prepend(("liked alone", chosen)).Append(("all, weighted by rating", weighted)))
        {
            Console.WriteLine($"| {title} | {Text(of, metrics => metrics.HitRate[10])} | {Text(of, metrics => metrics.HitRate[100])} | {Text(of, metrics => metrics.Ndcg[10])} |");
        }
    }

    private static void Row(string title, IReadOnlyList<RetrievalMetrics>? known, IReadOnlyList<ColdStartResult> cold)
    {
        var amongAll = cold.Select(one => one.AmongAll).ToArray();
        var amongNew = cold.Select(one => one.AmongNew).OfType<RetrievalMetrics>().ToArray();
        Console.WriteLine($"| {title} | {Text(known ?? [], one => one.HitRate[10])} | {Text(known ?? [], one => one.HitRate[100])} | {Text(amongAll, one => one.HitRate[10])} | {Text(amongAll, one => one.HitRate[100])} | {Text(amongNew, one => one.HitRate[10])} | {Text(amongNew, one => one.Ndcg[10])} |");
    }

    private static string Text(IReadOnlyCollection<RetrievalMetrics> metrics, Func<RetrievalMetrics, double> of) =>
        metrics.Count == 0 ? "–" : SeedStatistics.Of([.. metrics.Select(of)]).ToText(withDeviation: metrics.Count > 1);
}
