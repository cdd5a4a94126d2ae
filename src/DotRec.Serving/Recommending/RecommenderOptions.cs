using System.Text.Json.Nodes;
using DotRec.Onnx;

namespace DotRec.Serving;

/// <summary>What a recommender may know beside its query model and its index. Everything is saved with it.</summary>
public sealed record RecommenderOptions
{
    /// <summary>The default of <see cref="K"/>.</summary>
    public const int DefaultK = 10;

    /// <summary>The default of <see cref="RankedCandidates"/>.</summary>
    public const int DefaultRankedCandidates = 100;

    /// <summary>Number of recommendations when a call gives none; 10 by default.</summary>
    public int K { get; init; } = DefaultK;

    /// <summary>Name of the item id, as in the training data; "item_id" by default.</summary>
    public string ItemIdColumn { get; init; } = "item_id";

    /// <summary>What recommendations show beside id and score, and a ranker reads of items: one value or one list a row of the index.</summary>
    public IReadOnlyList<ItemColumn> ItemColumns { get; init; } = [];

    /// <summary>The item tower, to embed items that are not in the index; null for none.</summary>
    public OnnxModel? ItemModel { get; init; }

    /// <summary>
    /// A ranking model that orders what the index retrieves; null for none. It reads raw features and gives one Float output "score" of shape
    /// [batch, 1] or [batch]. Each of its features comes from the query if the query has one of that name and type, else from the item id or the
    /// item column of that name.
    /// </summary>
    public OnnxModel? Ranker { get; init; }

    /// <summary>How many candidates are retrieved to be ranked or diversified; 100 by default. Where k is more, k are.</summary>
    public int RankedCandidates { get; init; } = DefaultRankedCandidates;

    /// <summary>Features of the ranker that come with each query although the query model does not read them, such as the hour of the day.</summary>
    public IReadOnlyList<string> ContextFeatures { get; init; } = [];

    /// <summary>How often each item was chosen in training, by row of the index; null when unknown.</summary>
    public IReadOnlyList<long>? Popularity { get; init; }

    /// <summary>The items each query id has had; null when unknown.</summary>
    public SeenItems? Seen { get; init; }

    /// <summary>
    /// The feature that tells who asks. By default that of <see cref="Seen"/>, else the query model's only feature, else none.
    /// </summary>
    public string? QueryIdFeature { get; init; }

    /// <summary>What a query with an unknown id gets; the model's out-of-vocabulary answer by default.</summary>
    public UnknownQueryPolicy UnknownQueries { get; init; }

    /// <summary>Metrics at training time by name, for the record.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Free facts about the model, for the record.</summary>
    public JsonObject? Facts { get; init; }

    /// <summary>Files to carry in the bundle, by name: anything a later reader wants beside the models. Plain file names.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> ExtraFiles { get; init; } = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
}
