namespace DotRec.Indexing.Tests;

public sealed class ScannOptionsTests
{
    [Fact]
    public void Values_outside_their_range_are_refused_by_name()
    {
        var good = new ScannOptions();
        good.Validate();
        Refused("PartitionCount is 0; expected 1 to 2147483647.", good with { PartitionCount = 0 });
        Refused("PartitionsToSearch is -1; expected 1 to 2147483647.", good with { PartitionsToSearch = -1 });
        Refused("RescoringCount is 0; expected 1 to 2147483647.", good with { RescoringCount = 0 });
        Refused("TrainingSampleLimit is 15; expected 16 to 2147483647.", good with { TrainingSampleLimit = 15 });
        Refused("KMeansIterations is 0; expected 1 to 1000.", good with { KMeansIterations = 0 });
        Refused("PartitionEta is 0.5; expected 1 to 16.", good with { PartitionEta = 0.5f });
        Refused("EncodingEta is NaN; expected 1 to 64.", good with { EncodingEta = float.NaN });
        Refused("SoarLambda is -1; expected 0 to 100.", good with { SoarLambda = -1 });
        Refused("Tier is 9; expected one of Auto, FlatPq, Tree.", good with { Tier = (ScannTier)9 });
        Refused("RescoringFormat is 7; expected one of Float32, Bfloat16, Int8.", good with { RescoringFormat = (RescoringFormat)7 });
    }

    [Fact]
    public void Tiers_are_suggested_by_the_number_of_items()
    {
        Assert.Equal((ScannTier.FlatPq, 1), Suggested(0));
        Assert.Equal((ScannTier.FlatPq, 1), Suggested(1_999));
        Assert.Equal((ScannTier.Tree, 32), Suggested(2_000));
        Assert.Equal((ScannTier.Tree, 992), Suggested(1_000_000));

        static (ScannTier, int?) Suggested(int count) => (ScannOptions.Suggested(count, 64).Tier, ScannOptions.Suggested(count, 64).PartitionCount);
    }

    [Fact]
    public void Suggestions_are_valid_for_every_size()
    {
        foreach (var count in new[] { 0, 1, 2, 15, 16, 17, 255, 256, 10_000, 1_000_000, int.MaxValue })
        {
            var options = ScannOptions.Suggested(count, 64);
            options.Validate();
            Assert.InRange(ScannOptions.SuggestedPartitionCount(count), 1, Math.Max(1, count));
        }
    }

    private static void Refused(string message, ScannOptions options) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(options.Validate).Message, StringComparison.Ordinal);
}
