namespace DotRec.Serving;

/// <summary>The file names of a bundle beside bundle.json.</summary>
internal static class BundleFiles
{
    public const string Query = "query";
    public const string Item = "item";
    public const string Ranker = "ranker";
    public const string Index = "items.index";
    public const string Popularity = "items.popularity";
    public const string Seen = "seen.items";
    public const string Histories = "histories.items";
    public const string BlendLists = "blend.index";
    public const string BlendMoments = "blend.table";

    /// <summary>What the names of all files of a recommender begin with.</summary>
    public static IReadOnlyList<string> Prefixes { get; } = ["query.", "item.", "ranker.", "items.", "seen.", "histories.", "blend."];

    /// <summary>True for a file that is mapped, not read.</summary>
    public static bool IsMapped(string name) => Path.GetExtension(name) is ".index" or ".vocabulary" or ".table" or ".column" or ".popularity" or ".items";

    /// <summary>The graph of a model.</summary>
    public static string Graph(string stem) => stem + ".onnx";

    /// <summary>The i-th vocabulary of a model.</summary>
    public static string Vocabulary(string stem, int i) => FormattableString.Invariant($"{stem}.{i}.vocabulary");

    /// <summary>The i-th table of a model.</summary>
    public static string Table(string stem, int i) => FormattableString.Invariant($"{stem}.{i}.table");

    /// <summary>The i-th item column.</summary>
    public static string Column(int i) => FormattableString.Invariant($"items.{i}.column");
}
