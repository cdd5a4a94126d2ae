using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>Settings of an index for recalls, found by its own calibration on the queries of even number.</summary>
internal static class Calibrations
{
    /// <summary>Queries that settings are chosen on: more tell little more, and take longer.</summary>
    public const int MostQueries = 1000;

    /// <summary>Calibrates the index, which goes that far from now on.</summary>
    public static ScannOperatingPoint Run(ScannIndex index, VectorCorpus corpus, double targetRecall, int k, CancellationToken cancellation)
    {
        var chosen = index.Calibrate(corpus.ValidationHalf(MostQueries).Queries, targetRecall, k, cancellation).Chosen;
        Terminal.Say(FormattableString.Invariant($"calibrated to recall {targetRecall}: {chosen.PartitionsToSearch} partitions, {chosen.RescoringCount} candidates rescored"));
        return chosen;
    }
}
