using System.Runtime.InteropServices;

namespace DotRec.Indexing;

/// <summary>What the file of an approximate index says beyond <see cref="IndexProperties"/>, as it is in the file.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal record struct ScannProperties
{
    /// <summary>P.</summary>
    public int PartitionCount;

    /// <summary>1 where items may be in two partitions, else 0.</summary>
    public int HasSpilled;

    public RescoringFormat RescoringFormat;

    /// <summary>Partitions a search scans; 0 where that is left to the search.</summary>
    public int PartitionsToSearch;

    /// <summary>Candidates a search rescores; 0 where that is left to the search.</summary>
    public int RescoringCount;

    /// <summary>Length of the longest row.</summary>
    public float MaxLength;

    /// <summary>c of <see cref="L2Lift"/>, for distances.</summary>
    public double LiftCenter;

    /// <summary>s of <see cref="L2Lift"/>, for distances.</summary>
    public float LiftQueryValue;

    /// <summary>The k that was calibrated for; 0 where none was.</summary>
    public int CalibratedK;

    /// <summary><see cref="SearchMargins.Route"/>, or 0.</summary>
    public float RouteMargin;

    /// <summary><see cref="SearchMargins.Score"/>, or 0.</summary>
    public float ScoreMargin;

    /// <summary>Components the lift adds, for distances; 0 in files of format 1, which have one.</summary>
    public int LiftWidth;

    /// <summary>c, dimensions that items are projected to; 0 where all are coded.</summary>
    public short CodedDimension;

    /// <summary>Dimensions a code; 0 for two.</summary>
    public short BlockWidth;

    /// <summary>The power of two that <see cref="CodedForm.Factor"/> is.</summary>
    public int FactorExponent;

    public static ScannProperties Of(ScannIndex index)
    {
        var (snapshot, defaults) = (index.Snapshot, index.Defaults);
        return new ScannProperties
        {
            PartitionCount = snapshot.Codes.PartitionCount,
            HasSpilled = snapshot.Codes.HasSpilled ? 1 : 0,
            RescoringFormat = snapshot.Rows.Format,
            PartitionsToSearch = defaults.Options.PartitionsToSearch ?? 0,
            RescoringCount = defaults.Options.RescoringCount ?? 0,
            MaxLength = snapshot.Rows.MaxLength,
            LiftCenter = snapshot.Form.Lift?.Center ?? 0,
            LiftQueryValue = snapshot.Form.Lift?.QueryValue ?? 0,
            CalibratedK = defaults.Margins.AreKnown ? defaults.K : 0,
            RouteMargin = defaults.Margins.AreKnown ? defaults.Margins.Route : 0,
            ScoreMargin = defaults.Margins.AreKnown ? defaults.Margins.Score : 0,
            LiftWidth = snapshot.Form.Lift?.Width ?? 0,
            CodedDimension = (short)(snapshot.Form.Projection?.Dimension ?? 0),
            BlockWidth = (short)(snapshot.Form.Projection is null ? 0 : snapshot.Tables.Width),
            FactorExponent = Math.ILogB(snapshot.Form.Factor),
        };
    }

    /// <summary>Reads the properties and checks their ranges.</summary>
    public static ScannProperties Read(ArtifactFile file, in IndexProperties index)
    {
        var properties = file.ReadValue<ScannProperties>(SectionTag.ScannProperties);
        properties.BlockWidth = properties.BlockWidth == 0 ? (short)QuantizedItems.MinBlockWidth : properties.BlockWidth;
        var isDistance = index.ScoreFunction == ScoreFunction.NegatedSquaredL2;
        var isPossible = properties.PartitionCount >= Math.Min(1, index.Count) && properties.PartitionCount <= index.Count
            && properties.HasSpilled is 0 or 1
            && Enum.IsDefined(properties.RescoringFormat)
            && properties is { PartitionsToSearch: >= 0, RescoringCount: >= 0, MaxLength: >= 0 and < float.PositiveInfinity, CalibratedK: >= 0 }
            && double.IsFinite(properties.LiftCenter)
            && properties.FactorExponent is > -1000 and < 1000
            && properties.CodedDimension >= 0 && properties.CodedDimension <= index.Dimension
            && (properties.CodedDimension == 0 || index.Dimension <= Projection.MaxSourceDimension)
            && properties.BlockWidth is >= QuantizedItems.MinBlockWidth and <= QuantizedItems.MaxBlockWidth
            && properties.LiftWidth is >= 0 and <= L2Lift.MaxWidth
            && (isDistance ? properties.LiftQueryValue is > 0 and < float.PositiveInfinity : properties.LiftQueryValue == 0);
        return isPossible
            ? properties
            : throw new ArtifactFormatException(
                file.Memory.Source,
                null,
                $"the file claims {properties.PartitionCount} partitions of {index.Count} items, rows in format {properties.RescoringFormat}, " +
                $"{properties.PartitionsToSearch} partitions searched and {properties.RescoringCount} candidates rescored, {properties.CodedDimension} of " +
                $"{index.Dimension} dimensions coded, {properties.BlockWidth} a code: not a possible index. The file is damaged.");
    }
}
