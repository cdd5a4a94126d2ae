using DotRec.Data;
using DotRec.Indexing;

namespace DotRec.Serving.Tests;

/// <summary>Five items that lead to one another, and who had them.</summary>
internal static class HistoryCorpus
{
    public static readonly ItemIds Ids = ItemIds.From(["a", "b", "c", "d", "e"]);

    /// <summary>Who had what, in order. Popularity: a 3, b 2, c 1, d 1, e 0.</summary>
    public static readonly FeatureBatch Interactions = new(
        new Column<string>("user", ["ann", "bob", "ann", "cid", "bob", "cid", "ann"]),
        new Column<string>("item", ["a", "b", "b", "a", "d", "a", "c"]));

    /// <summary>a → b .5, c .25; b → c 1; c → d .5, a −.125; d → nothing; e → e 2.</summary>
    public static SparseIndex Index() => SparseIndex.Build(
        [0, 2, 3, 5, 5, 6], [1, 2, 2, 0, 3, 4], [.5f, .25f, 1f, -.125f, .5f, 2f], Ids, [3e-4f, 2e-4f, 1e-4f, 1e-4f, 0]);

    public static Recommender Recommender(UnknownQueryPolicy policy = UnknownQueryPolicy.OutOfVocabulary, bool excludeSeen = false) => new(
        new HistoryQuery { Decay = 0.5, Length = 2 },
        Index(),
        new RecommenderOptions
        {
            ItemIdColumn = "item",
            QueryIdFeature = "user",
            Interactions = Interactions,
            Items = new FeatureBatch(new Column<string>("item", ["e", "d", "c", "b", "a"]), new Column<string>("title", ["E", "D", "C", "B", "A"])),
            UnknownQueries = policy,
            ExcludeSeen = excludeSeen,
        });
}
