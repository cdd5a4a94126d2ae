using DotRec.Data;
using DotRec.Features;
using DotRec.Modeling;

namespace DotRec.Tutorials;

/// <summary>The towers of TFRS' "context_features" and "deep_recommenders": users with the time of the request, films with the words of their titles.</summary>
internal static class FeatureTowers
{
    private const int Width = 32;
    private const int Buckets = 1000;
    private const int MostWords = 10_000;

    /// <summary>Both tutorials fit by Adagrad .1 in steps of 2,048 rows.</summary>
    public static FitOptions Recipe(int epochs) => new() { Epochs = epochs, BatchSize = 2048, Optimizer = new Adagrad(0.1) };

    /// <summary>The notebooks' model.</summary>
    /// <param name="split">The data.</param>
    /// <param name="withTime">Whether the query tower reads the time of the request.</param>
    /// <param name="widths">Units of the dense layers of each tower; all but the last are rectified.</param>
    /// <param name="corrections">Whether scores are corrected for popularity and accidental hits are left out: not in TFRS, by default here.</param>
    public static TwoTowerModel Model(Choices split, bool withTime, IReadOnlyList<int> widths, bool corrections = false)
    {
        var user = new Layer[] { new StringLookup("user_id", split.Train), new Embedding(Width) };
        var users = withTime ? new Concatenate(user, [Bucket(split.Train), new Embedding(Width)], [new Normalization("timestamp", split.Train)]) : new Concatenate(user);
        var films = new Concatenate(
            [new StringLookup("movie_title", split.Films), new Embedding(Width)],
            [new TextVectorization("movie_title", split.Films, MostWords), new Embedding(Width)]);
        return new TwoTowerModel(
            new Tower(users, new Mlp(widths)),
            new Tower(films, new Mlp(widths)),
            new Retrieval(split.Catalogue) { CorrectSampling = corrections, RemoveAccidentalHits = corrections });
    }

    // A thousand buckets of equal width from the first time to the last.
    private static Discretization Bucket(FeatureBatch train) => new("timestamp", train, Buckets, BinPlacement.EqualWidth);
}
