namespace DotRec.Serving;

/// <summary>The file names of a bundle beside bundle.json.</summary>
internal static class BundleFiles
{
    public const string Query = "query.onnx";
    public const string Item = "item.onnx";
    public const string Ranker = "ranker.onnx";
    public const string Index = "items.index";
    public const string Items = "items.parquet";
    public const string Seen = "seen.parquet";

    /// <summary>How the names of all files about items begin.</summary>
    public const string ItemsPrefix = "items.";

    /// <summary>The file of the i-th list column.</summary>
    public static string ListColumn(int i) => FormattableString.Invariant($"{ItemsPrefix}{i}.parquet");
}
