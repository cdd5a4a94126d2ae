using System.Text.Json.Nodes;
using DotRec.Data;
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

    /// <summary>
    /// What is known of the items: a column of their ids, named <see cref="ItemIdColumn"/>, and what recommendations show beside id and score and a
    /// ranker reads of items. Rows in any order, one for each item of the index at least; of several with one id the first counts.
    /// </summary>
    public FeatureBatch? Items { get; init; }

    /// <summary>
    /// The interactions of the training data: a column of item ids, named <see cref="ItemIdColumn"/>, and one of query ids, named
    /// <see cref="QueryIdFeature"/>. From them the recommender knows how popular items are and what each query id has had.
    /// </summary>
    public FeatureBatch? Interactions { get; init; }

    /// <summary>
    /// Whether what a query id has had in training is left out when a call does not say; true by default. Say false where a query is no person but
    /// a session, a page or a basket, and the same item again is a good answer.
    /// </summary>
    public bool ExcludeSeen { get; init; } = true;

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

    /// <summary>The feature that tells who asks. By default the query model's only feature, if it is a text or an integer, else none.</summary>
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
