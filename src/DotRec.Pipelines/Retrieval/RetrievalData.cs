using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>What a retrieval model is trained on: who chose what, and the catalogue.</summary>
public sealed class RetrievalData
{
    internal RetrievalData(
        string name, FeatureBatch interactions, FeatureBatch items, string queryId, string itemId, TowerFeatures? features = null, IReadOnlyList<string>? warnings = null, FeatureBatch? test = null, FeatureBatch? negatives = null)
    {
        (Test, Negatives) = (test, negatives);
        (Name, Interactions, Items, QueryId, ItemId, Warnings) = (name, interactions, items, queryId, itemId, warnings ?? []);
        QueryCount = interactions.DistinctBy(queryId).RowCount;
        QueryColumns = features?.Describe(features.Query, interactions) ?? [];
        ItemColumns = features?.Describe(features.Item, items) ?? [];
    }

    /// <summary>Name for reports: that of the file.</summary>
    public string Name { get; }

    /// <summary>One row for each choice that has both ids.</summary>
    public FeatureBatch Interactions { get; }

    /// <summary>Choices to measure on; null to hold some of <see cref="Interactions"/> out.</summary>
    public FeatureBatch? Test { get; }

    /// <summary>Items that a query was shown and did not choose, one a row; null where every row is a choice.</summary>
    public FeatureBatch? Negatives { get; }

    /// <summary>One row for each item of the catalogue, with the columns the item tower reads.</summary>
    public FeatureBatch Items { get; }

    /// <summary>Column of <see cref="Interactions"/> that tells who chose.</summary>
    public string QueryId { get; }

    /// <summary>Column of both tables that tells what was chosen.</summary>
    public string ItemId { get; }

    /// <summary>Different queries among the interactions.</summary>
    public int QueryCount { get; }

    /// <summary>The columns of the query tower and what each was taken for, in words.</summary>
    public IReadOnlyList<string> QueryColumns { get; }

    /// <summary>The columns of the item tower and what each was taken for, in words.</summary>
    public IReadOnlyList<string> ItemColumns { get; }

    /// <summary>What was left out or may be wrong, each a sentence.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>A MovieLens set by GroupLens. Titles are the item ids, as in TFRS' tutorials: movies of one title are one item.</summary>
    /// <param name="path">The zip file as GroupLens gives it: 100K, 1M or latest-small.</param>
    public static RetrievalData FromMovieLens(string path) => Movies(
        Path.GetFileNameWithoutExtension(path), MovieLens.LoadRatings(path), MovieLens.LoadMovies(path));

    /// <summary>Made-up ratings in the shape of MovieLens 100K: the same seed, the same data.</summary>
    /// <param name="seed">Decides all of it.</param>
    public static RetrievalData Generated(ulong seed)
    {
        var data = new MovieLensGenerator { Seed = seed }.Generate();
        return Movies("generated, MovieLens-shaped", data.Ratings, data.Movies);
    }

    private static RetrievalData Movies(string name, FeatureBatch ratings, FeatureBatch movies) =>
        new(name, ratings, movies.DistinctBy("movie_title"), "user_id", "movie_title");
}
