using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>How residuals are coded.</summary>
internal enum ResidualCodec
{
    /// <summary>Codewords of the unit-length residual and a scale in closed form, both under η: what the library does.</summary>
    UnitAndScale,

    /// <summary>Codewords of the unit-length residual under η; the scale is the residual's length.</summary>
    UnitAndLength,

    /// <summary>The nearest codewords of the unit-length residual; the scale is the residual's length. No η at all.</summary>
    UnitAndLengthWithoutEta,

    /// <summary>Codewords of the residual as it is, under η; no scale.</summary>
    Plain,
}

/// <summary>One way to build an index; all of a corpus and seed share the assignment of items to partitions.</summary>
/// <param name="Ablation">The table it stands in.</param>
/// <param name="Name">Its line in the table.</param>
internal sealed record AblationVariant(string Ablation, string Name)
{
    public const string CodecTable = "codec";
    public const string EncodingTable = "EncodingEta";
    public const string PlacementTable = "PartitionEta";
    public const string SoarTable = "SOAR";

    private static readonly ScannOptions Defaults = new();
    private static readonly float[] Etas = [1, 2, 3, 4, 6, 8];

    public ResidualCodec Codec { get; init; } = ResidualCodec.UnitAndScale;

    public float EncodingEta { get; init; } = Defaults.EncodingEta;

    public float PartitionEta { get; init; } = Defaults.PartitionEta ?? ScannOptions.PlainPartitionEta;

    /// <summary>λ; null: every item is in one partition.</summary>
    public float? SoarLambda { get; init; }

    /// <summary>Whether this is what the library does untold.</summary>
    public bool IsDefault => this with { Ablation = "", Name = "" } == new AblationVariant("", "");

    /// <summary>Every line of every table; the default stands in each of them.</summary>
    public static IReadOnlyList<AblationVariant> All { get; } =
    [
        new(CodecTable, "unit residual, scale in closed form"),
        new(CodecTable, "unit residual, its length as scale") { Codec = ResidualCodec.UnitAndLength },
        new(CodecTable, "the same, codes without η") { Codec = ResidualCodec.UnitAndLengthWithoutEta },
        new(CodecTable, "plain residual, no scale") { Codec = ResidualCodec.Plain },
        .. Etas.Select(eta => new AblationVariant(EncodingTable, $"η = {eta}") { EncodingEta = eta }),
        .. Etas.Select(eta => new AblationVariant(PlacementTable, $"η = {eta}") { PartitionEta = eta }),
        new(SoarTable, "off"),
        .. new[] { 0.5f, 1, 1.5f }.Select(lambda => new AblationVariant(SoarTable, FormattableString.Invariant($"λ = {lambda}")) { SoarLambda = lambda }),
    ];
}
