namespace DotRec.Benchmarks;

/// <summary>
/// The first 10,800 rows that the Criteo Display Advertising Challenge (2014) published: 13 whole numbers, 26 categories. They are 900 rows twelve
/// times each, so repeats are dropped before a fifth is held out. A test of 180 rows tells little: the format is what it shows.
/// </summary>
internal sealed class CriteoData : ClickData
{
    public override string Name => "Criteo, 900 rows";

    public override string File => "criteo-kaggle-head-10800.zip";

    public override IReadOnlyList<string> Header { get; } =
        ["label", .. Enumerable.Range(1, 13).Select(n => $"I{n}"), .. Enumerable.Range(1, 26).Select(n => $"C{n}")];

    public override string Label => "label";

    public override ClickRows Read(string folder, ulong seed) =>
        Shuffled([.. Lines(folder, "train.txt").Distinct(StringComparer.Ordinal).Select(line => line.Split('\t'))], testFraction: 0.2, seed);
}
