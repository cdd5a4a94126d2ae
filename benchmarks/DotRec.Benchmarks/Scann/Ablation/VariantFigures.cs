using System.Globalization;
using DotRec.Indexing;
using DotRec.Kernels;
using DotRec.Pipelines;

namespace DotRec.Benchmarks;

/// <summary>One figure of a variant, and how it is written.</summary>
internal readonly record struct Figure(string Heading, double Value, string Format)
{
    /// <summary>Mean and, of several, standard deviation, as in ".914 ± .002"; a dash where there is none.</summary>
    public static string Text(IReadOnlyList<Figure> seeds)
    {
        if (seeds.Count == 0 || seeds.Any(figure => double.IsNaN(figure.Value)))
        {
            return "–";
        }

        var statistics = SeedStatistics.Of([.. seeds.Select(figure => figure.Value)]);
        var mean = statistics.Mean.ToString(seeds[0].Format, CultureInfo.InvariantCulture);
        return seeds.Count > 1 ? $"{mean} ± {statistics.Deviation.ToString(seeds[0].Format, CultureInfo.InvariantCulture)}" : mean;
    }
}

/// <summary>Everything that is measured of the variants of one corpus and seed.</summary>
internal sealed class VariantFigures(VectorCorpus corpus, GroundTruth truth, EmbeddingSource source)
{
    private const int Rounds = 5;

    private static readonly double[] Targets = [0.90, 0.95, 0.99];
    private static readonly int[] Shortlists = [10, 20, 50, 100, 200];

    private static readonly string[] EndToEndHeadings = ["recall", "scanned", "rescored", "kB", "validation kB", "QPS", "speed"];
    private static readonly string[] EndToEndFormats = [".000", "f0", "f0", "f1", "f1", "f0", "f2"];

    private readonly int[] _validation = SettingSearch.Half(corpus, 0);
    private readonly int[] _test = SettingSearch.Half(corpus, 1);

    // The default variant and its settings: the others are timed in turn with it.
    private (SettingSearch Search, ScannSearchOptions?[] Settings)? _reference;

    /// <summary>Measures a variant; the first one is the default, which the others are compared with.</summary>
    /// <param name="variant">How it was built. Recall within short lists is measured as far as the variant's table shows it.</param>
    /// <param name="items">What was built.</param>
    /// <param name="isTimed">Whether it is searched end to end.</param>
    public IReadOnlyList<Figure> Measure(AblationVariant variant, QuantizedItems items, bool isTimed)
    {
        var snapshot = ScannSnapshot.Pack(items, source, corpus.ScoreFunction, RescoringFormat.Float32, new BuildReport(null, CancellationToken.None));
        var index = new ScannIndex(snapshot, ItemIds.Range(items.Count), new SearchDefaults(default, truth.K, SearchMargins.Unknown), PackedLookupKernels.Current);
        var hasScales = variant.Codec != ResidualCodec.Plain;
        var validation = RoutingCurve.Of(items, corpus, truth, _validation);
        var test = RoutingCurve.Of(items, corpus, truth, _test);
        var search = new SettingSearch(index, corpus, truth, validation, hasScales);
        var figures = new List<Figure>();
        AddCodec(figures, search, variant.Ablation, items.PartitionCount);
        AddBytes(figures, snapshot, items.Count, hasScales);
        AddRouting(figures, items.Count, test, validation);
        if (isTimed)
        {
            AddEndToEnd(figures, search, test, validation);
        }

        if (_reference?.Search != search)
        {
            index.Dispose();
        }

        return figures;
    }

    // Every partition is searched: what is missed, the codes missed. A spilled index keeps both copies of an item, which is another question.
    private void AddCodec(List<Figure> figures, SettingSearch search, string table, int partitions)
    {
        if (table is AblationVariant.CodecTable or AblationVariant.EncodingTable)
        {
            figures.AddRange(Shortlists.Select(count => new Figure($"in {count}", search.Recall(new ScannSearchOptions(partitions, count), _test), ".000")));
            figures.Add(new Figure("validation in 20", search.Recall(new ScannSearchOptions(partitions, 20), _validation), ".000"));
        }
        else if (table == AblationVariant.PlacementTable)
        {
            figures.Add(new Figure("in 20", search.Recall(new ScannSearchOptions(partitions, 20), _test), ".000"));
        }
    }

    private static void AddBytes(List<Figure> figures, ScannSnapshot snapshot, int count, bool hasScales)
    {
        var codes = snapshot.Codes;
        var scales = hasScales ? 0 : codes.Scales.Length * sizeof(short);
        var bytes = codes.Codes.Length + (codes.Scales.Length * sizeof(short)) - scales + (codes.SpilledPositions.Length * sizeof(int));
        figures.Add(new Figure("code bytes", bytes / (double)count, "f1"));
        figures.Add(new Figure("index bytes", (snapshot.Memory.ByteLength - scales) / (double)count, "f1"));
    }

    private static void AddRouting(List<Figure> figures, int count, RoutingCurve test, RoutingCurve validation)
    {
        foreach (var target in Targets)
        {
            var (partitions, entries) = test.Needed(target);
            figures.Add(new Figure(Heading("partitions", target), partitions, "f1"));
            figures.Add(new Figure(Heading("% of items", target), 100 * entries / count, "f2"));
        }

        figures.Add(new Figure("validation % at .95", 100 * validation.Needed(0.95).Entries / count, "f2"));
    }

    private void AddEndToEnd(List<Figure> figures, SettingSearch search, RoutingCurve test, RoutingCurve validation)
    {
        var settings = Array.ConvertAll(Targets, search.Cheapest);
        _reference ??= (search, settings);
        for (var i = 0; i < Targets.Length; i++)
        {
            if (settings[i] is not { } setting || _reference.Value.Settings[i] is not { } other)
            {
                figures.AddRange(EndToEndHeadings.Select(what => new Figure(Heading(what, Targets[i]), double.NaN, "f0")));
                continue;
            }

            var (qps, speed) = Time(search, setting, other);
            double[] values =
            [
                search.Recall(setting, _test), test.Entries(setting.PartitionsToSearch!.Value), search.Rescored(setting),
                search.Cost(setting, test) / 1000, search.Cost(setting, validation) / 1000, qps, speed,
            ];
            figures.AddRange(values.Select((value, at) => new Figure(Heading(EndToEndHeadings[at], Targets[i]), value, EndToEndFormats[at])));
        }
    }

    // In turn, so that what else the machine does falls on both alike.
    private (double Qps, double Speed) Time(SettingSearch search, ScannSearchOptions setting, ScannSearchOptions other)
    {
        var (seconds, ratios) = (new double[Rounds], new double[Rounds]);
        for (var round = 0; round < Rounds; round++)
        {
            var reference = _reference!.Value.Search.Seconds(other, _test);
            seconds[round] = search.Seconds(setting, _test);
            ratios[round] = reference / seconds[round];
        }

        Array.Sort(ratios);
        return (_test.Length / seconds.Min(), ratios[Rounds / 2]);
    }

    private static string Heading(string what, double target) => string.Create(CultureInfo.InvariantCulture, $"{what} at {target:.00}");
}
