using System.Diagnostics;
using System.Globalization;
using DotRec.Indexing;
using DotRec.Kernels;
using DotRec.Pipelines;

namespace DotRec.Benchmarks;

/// <summary>
/// Prints what each idea of the approximate index is worth on real vectors, recall of ten:
/// <c>scann-ablation [--data DIR] [--corpus NAME,NAME] [--seeds N] [--timed-seeds N]</c>.
/// </summary>
internal static class ScannAblation
{
    private const int K = 10;
    private const string Lift = "sift-5k";
    private const string Usage = "scann-ablation [--data DIR] [--corpus NAME,NAME] [--seeds N] [--timed-seeds N]";
    private static readonly double[] LiftShares = [0.2, 0.4, 0.8];

    // The columns of each table, by their first words.
    private static readonly string[] EndToEnd = ["recall at .95", "scanned at .95", "rescored at .95", "validation kB at .95", "kB", "QPS", "speed"];
    private static readonly Dictionary<string, string[]> Columns = new(StringComparer.Ordinal)
    {
        [AblationVariant.CodecTable] = ["in", "code bytes", "index bytes", .. EndToEnd],
        [AblationVariant.EncodingTable] = ["validation in", "in", .. EndToEnd],
        [AblationVariant.PlacementTable] = ["in 20", "validation %", "partitions", "% of items", .. EndToEnd],
        [AblationVariant.SoarTable] = ["code bytes", "index bytes", "validation %", "partitions", "% of items", .. EndToEnd],
    };

    public static int Print(string[] arguments)
    {
        if (PairedOptions.Read(arguments, Usage, "--data", "--corpus", "--seeds", "--timed-seeds") is not { } options)
        {
            return 2;
        }

        var corpora = new AblationCorpora(DataFolder.Find(options.GetValueOrDefault("--data")));
        string[] all = [.. corpora.All().Select(corpus => corpus.Name), Lift];
        var names = options.GetValueOrDefault("--corpus")?.Split(',') ?? all;
        if (names.Except(all, StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            Console.Error.WriteLine($"There is no corpus '{unknown}'. Those are: {string.Join(", ", all)}.");
            return 2;
        }

        var seeds = int.Parse(options.GetValueOrDefault("--seeds") ?? "3", CultureInfo.InvariantCulture);
        var timedSeeds = int.Parse(options.GetValueOrDefault("--timed-seeds") ?? $"{seeds}", CultureInfo.InvariantCulture);
        Console.WriteLine($"{Machine.Describe()["processor"]}, {PackedLookupKernels.Current}; single searches on one thread, processor time; k = {K}");
        foreach (var corpus in corpora.All().Where(corpus => names.Contains(corpus.Name)))
        {
            Print(corpus, seeds, timedSeeds);
        }

        if (names.Contains(Lift))
        {
            PrintLift(corpora, seeds);
        }

        return 0;
    }

    private static void Print(AblationCorpus corpus, int seeds, int timedSeeds)
    {
        var start = Stopwatch.GetTimestamp();
        var figures = AblationVariant.All.ToDictionary(variant => variant, _ => new List<IReadOnlyList<Figure>>());
        for (var seed = 1UL; seed <= (ulong)seeds; seed++)
        {
            var vectors = corpus.ForSeed(seed);
            Measure(corpus.Name, vectors, seed, seed <= (ulong)timedSeeds, figures);
        }

        foreach (var table in Columns)
        {
            Console.WriteLine();
            Console.WriteLine($"### {corpus.Name}: {table.Key}");
            Console.WriteLine();
            var lines = AblationVariant.All.Where(variant => variant.Ablation == table.Key).Select(variant => (Name(variant), figures[variant]));
            FigureTable.Print(table.Key, [.. lines], table.Value);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{corpus.Name}: {Stopwatch.GetElapsedTime(start).TotalSeconds:f0} s"));
    }

    private static void Measure(string name, VectorCorpus vectors, ulong seed, bool isTimed, Dictionary<AblationVariant, List<IReadOnlyList<Figure>>> figures)
    {
        using var exact = BruteForceIndex.Build(vectors.Items, vectors.Dimension, null, vectors.ScoreFunction);
        var truth = GroundTruth.Compute(exact, vectors, K);
        using var source = EmbeddingSource.From(vectors.Items, vectors.Dimension);
        var build = new VariantBuild(source, vectors.ScoreFunction, seed);
        var measure = new VariantFigures(vectors, truth, source);
        var lengths = SeedStatistics.Of([.. Enumerable.Range(0, vectors.ItemCount)
            .Select(row => Math.Sqrt(EmbeddingLength.Squared(vectors.Items.AsSpan(row * vectors.Dimension, vectors.Dimension))))]);
        Console.WriteLine(FormattableString.Invariant(
            $"{name}, seed {seed}: {vectors.ItemCount} x {vectors.Dimension}, {vectors.QueryCount} queries, {vectors.ScoreFunction}, length {lengths.Mean:f3} ± {lengths.Deviation:f3}"));
        IReadOnlyList<Figure>? plain = null;
        var start = Stopwatch.GetTimestamp();
        foreach (var variant in AblationVariant.All)
        {
            // The default is in every table, and is measured once.
            var measured = variant.IsDefault && plain is not null ? plain : measure.Measure(variant, build.Make(variant), isTimed);
            plain ??= measured;
            Console.Error.WriteLine(FormattableString.Invariant($"{name}, seed {seed}, {variant.Ablation} {variant.Name}: {Stopwatch.GetElapsedTime(start).TotalSeconds:f0} s"));
            figures[variant].Add(measured);
        }
    }

    private static void PrintLift(AblationCorpora corpora, int seeds)
    {
        var lines = new List<(string, List<IReadOnlyList<Figure>>)>();
        foreach (var share in LiftShares)
        {
            var vectors = corpora.Lifted(share);
            using var exact = BruteForceIndex.Build(vectors.Items, vectors.Dimension, null, vectors.ScoreFunction);
            var truth = GroundTruth.Compute(exact, vectors, K);
            using var source = EmbeddingSource.From(vectors.Items, vectors.Dimension);
            var measured = new List<IReadOnlyList<Figure>>();
            for (var seed = 1UL; seed <= (ulong)seeds; seed++)
            {
                var build = new VariantBuild(source, vectors.ScoreFunction, seed);
                measured.Add(new VariantFigures(vectors, truth, source).Measure(AblationVariant.All[0], build.Make(AblationVariant.All[0]), isTimed: false));
            }

            lines.Add((FormattableString.Invariant($"{share:.0}"), measured));
        }

        Console.WriteLine();
        Console.WriteLine($"### {Lift}, squared distances: the lift's share");
        Console.WriteLine();
        FigureTable.Print("share", lines, ["validation in", "in", "validation %", "partitions", "% of items"]);
    }

    private static string Name(AblationVariant variant) => variant.IsDefault ? $"**{variant.Name}**" : variant.Name;
}
