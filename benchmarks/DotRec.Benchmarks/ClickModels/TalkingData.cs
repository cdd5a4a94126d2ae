namespace DotRec.Benchmarks;

/// <summary>
/// The sample of TalkingData's AdTracking challenge (2018): which of 100,000 clicks led to an installation, 0.23 % of them. A fifth is held out, of
/// any time or of the end. The time of the installation would tell the label and is dropped, as is that of the click.
/// </summary>
/// <param name="isByTime">True tests on the latest clicks.</param>
internal sealed class TalkingData(bool isByTime) : ClickData
{
    private const double TestFraction = 0.2;
    private const int TimeField = 5, LabelField = 7;

    public override string Name => isByTime ? "TalkingData, latest" : "TalkingData";

    public override string File => "talkingdata-train_sample.zip";

    public override IReadOnlyList<string> Header { get; } = ["ip", "app", "device", "os", "channel", "is_attributed"];

    public override string Label => "is_attributed";

    public override ClickRows Read(string folder, ulong seed)
    {
        var clicks = Lines(folder, "train_sample.csv").Skip(1).Select(line => line.Split(',')).ToArray();
        if (!isByTime)
        {
            return Shuffled(Array.ConvertAll(clicks, Row), TestFraction, seed);
        }

        // Written as 2017-11-07 09:30:38, times sort as texts do.
        var sorted = clicks.OrderBy(click => click[TimeField], StringComparer.Ordinal).Select(Row).ToArray();
        var train = sorted.Length - (int)(sorted.Length * TestFraction);
        return new ClickRows(sorted[..train], sorted[train..]);
    }

    private static string[] Row(string[] click) => [.. click.AsSpan(0, TimeField), click[LabelField]];
}
