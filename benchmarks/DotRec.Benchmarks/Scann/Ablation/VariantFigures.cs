using System.Globalization;
using DotRec.Cli;
using DotRec.Indexing;
using DotRec.Kernels;

namespace DotRec.Benchmarks;

/// <summary>One figure of a variant, and how it is written.</summary>
internal readonly record struct Figure(string Heading, double Value, string Format)
{
    /// <summary>Mean and, of several, standard deviation, as in ".914 ± .002"; a dash where some seed has none.</summary>
    public static string Text(IReadOnlyList<Figure> seeds)
    {
        if (seeds.Any(figure => double.IsNaN(figure.Value)))
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

    private readonly int[] _validation = SettingSearch.Half(corpus, 0);
    private readonly int[] _test = SettingSearch.Half(corpus, 1);

    // The default variant and its settings: the others are timed in turn with it.
    private (SettingSearch Search, ScannSearchOptions?[] Settings)? _reference;

    /// <summary>Measures a variant; the first one is the default, which the others are compared with.</summary>
    /// <param name="items">What was built.</param>
    /// <param name="hasScales">Whether its codec has scales: their bytes are not counted otherwise.</param>
    /// <param name="isTimed">Whether it is searched end to end.</param>
    public IReadOnlyList<Figure> Measure(QuantizedItems items, bool hasScales, bool isTimed)
    {
        var snapshot = ScannSnapshot.Pack(items, source, corpus.ScoreFunction, RescoringFormat.Float32);
        var index = new ScannIndex(snapshot, ItemIds.Range(items.Count), default, PackedLookupKernels.Current);
        var search = new SettingSearch(index, corpus, truth);
        var figures = new List<Figure>();
        AddCodec(figures, search, items);
        AddBytes(figures, snapshot, items, hasScales);
        AddRouting(figures, items);
        if (isTimed)
        {
            AddEndToEnd(figures, search, RoutingCurve.Of(items, corpus, truth, _test));
        }

        if (isTimed && _reference!.Value.Search == search)
        {
            return figures;
        }

        index.Dispose();
        return figures;
    }

    private void AddCodec(List<Figure> figures, SettingSearch search, QuantizedItems items)
    {
        foreach (var count in Shortlists)
        {
            // A spilled index keeps twice as many: not the same question.
            var setting = new ScannSearchOptions(items.PartitionCount, count);
            figures.Add(new Figure($"in {count}", items.Spilled is null ? search.Recall(setting, _test) : double.NaN, ".000"));
        }

        var chosenBy = new ScannSearchOptions(items.PartitionCount, 20);
        figures.Add(new Figure("validation in 20", items.Spilled is null ? search.Recall(chosenBy, _validation) : double.NaN, ".000"));
    }

    private static void AddBytes(List<Figure> figures, ScannSnapshot snapshot, QuantizedItems items, bool hasScales)
    {
        var codes = snapshot.Codes;
        var scales = hasScales ? 0 : codes.Scales.Length * sizeof(short);
        var bytes = codes.Codes.Length + (codes.Scales.Length * sizeof(short)) - scales + (codes.SpilledPositions.Length * sizeof(int));
        figures.Add(new Figure("code bytes", bytes / (double)items.Count, "f1"));
        figures.Add(new Figure("index bytes", (snapshot.Memory.ByteLength - scales) / (double)items.Count, "f1"));
    }

    private void AddRouting(List<Figure> figures, QuantizedItems items)
    {
        var curve = RoutingCurve.Of(items, corpus, truth, _test);
        foreach (var target in Targets)
        {
            var (partitions, entries) = curve.Needed(target);
            figures.Add(new Figure(Heading("partitions", target), partitions, "f1"));
            figures.Add(new Figure(Heading("% of items", target), 100 * entries / items.Count, "f2"));
        }

        var (_, chosenBy) = RoutingCurve.Of(items, corpus, truth, _validation).Needed(0.95);
        figures.Add(new Figure("validation % at .95", 100 * chosenBy / items.Count, "f2"));
    }

    private void AddEndToEnd(List<Figure> figures, SettingSearch search, RoutingCurve curve)
    {
        var settings = Array.ConvertAll(Targets, search.Fastest);
        _reference ??= (search, settings);
        for (var i = 0; i < Targets.Length; i++)
        {
            var (qps, speed) = settings[i] is { } setting && _reference.Value.Settings[i] is { } other ? Time(search, setting, other) : (double.NaN, double.NaN);
            figures.Add(new Figure(Heading("recall", Targets[i]), settings[i] is { } chosen ? search.Recall(chosen, _test) : double.NaN, ".000"));
            figures.Add(new Figure(Heading("scanned", Targets[i]), settings[i] is { } one ? curve.Entries(one.PartitionsToSearch!.Value) : double.NaN, "f0"));
            figures.Add(new Figure(Heading("rescored", Targets[i]), settings[i]?.RescoringCount ?? double.NaN, "f0"));
            figures.Add(new Figure(Heading("QPS", Targets[i]), qps, "f0"));
            figures.Add(new Figure(Heading("speed", Targets[i]), speed, "f2"));
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
