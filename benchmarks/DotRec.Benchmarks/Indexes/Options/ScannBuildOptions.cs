using System.CommandLine;
using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>Options that change how an approximate index is built.</summary>
internal sealed class ScannBuildOptions
{
    private readonly Option<string?> _tier = new("--tier") { Description = "Structure that is searched; chosen by size without it." };
    private readonly Option<int?> _partitions = new("--partitions") { Description = "Partitions; about the root of the number of items without it.", HelpName = "n" };
    private readonly Option<float?> _partitionEta = new("--partition-eta") { Description = "η of the centroids.", HelpName = "eta" };
    private readonly Option<float?> _encodingEta = new("--encoding-eta") { Description = "η of the codes.", HelpName = "eta" };
    private readonly Option<bool?> _soar = new("--soar") { Description = "Put every item into two partitions, or (false) not; chosen by the build without it.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _rescoring = new("--rescoring") { Description = "How rows for rescoring are stored." };

    public ScannBuildOptions()
    {
        _tier.AcceptOnlyFromAmong([.. Enum.GetNames<ScannTier>().Select(name => name.ToLowerInvariant())]);
        _rescoring.AcceptOnlyFromAmong([.. Enum.GetNames<RescoringFormat>().Select(name => name.ToLowerInvariant())]);
    }

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_tier, _partitions, _partitionEta, _encodingEta, _soar, _rescoring])
        {
            command.Add(option);
        }
    }

    public ScannOptions Read(ParseResult parsed, ulong seed)
    {
        var plain = new ScannOptions();
        return plain with
        {
            Tier = parsed.GetValue(_tier) is { } tier ? Enum.Parse<ScannTier>(tier, ignoreCase: true) : plain.Tier,
            PartitionCount = parsed.GetValue(_partitions) ?? plain.PartitionCount,
            PartitionEta = parsed.GetValue(_partitionEta) ?? plain.PartitionEta,
            EncodingEta = parsed.GetValue(_encodingEta) ?? plain.EncodingEta,
            Soar = parsed.GetValue(_soar),
            RescoringFormat = parsed.GetValue(_rescoring) is { } format ? Enum.Parse<RescoringFormat>(format, ignoreCase: true) : plain.RescoringFormat,
            Seed = seed,
        };
    }
}
