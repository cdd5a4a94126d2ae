using System.Text.Json.Nodes;
using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>What a retrieval model is trained on: who chose what, and the catalogue.</summary>
/// <param name="Name">Name for reports.</param>
/// <param name="Interactions">One row for each choice.</param>
/// <param name="Items">One row for each item of the catalogue, with the columns the item tower reads.</param>
/// <param name="QueryId">Column of <paramref name="Interactions"/> that tells who chose.</param>
/// <param name="ItemId">Column of both tables that tells what was chosen.</param>
internal sealed record RetrievalData(string Name, FeatureBatch Interactions, FeatureBatch Items, string QueryId, string ItemId)
{
    /// <summary>A MovieLens set by GroupLens. Titles are the item ids, as in TFRS' tutorials: movies of one title are one item.</summary>
    public static RetrievalData FromMovieLens(string path) => Movies(
        Path.GetFileNameWithoutExtension(path), MovieLens.LoadRatings(path), MovieLens.LoadMovies(path));

    /// <summary>The embedded default: made up, in the shape of MovieLens 100K.</summary>
    public static RetrievalData Generated(ulong seed)
    {
        var data = new MovieLensGenerator { Seed = seed }.Generate();
        return Movies("generated, MovieLens-shaped", data.Ratings, data.Movies);
    }

    public int QueryCount => Interactions.DistinctBy(QueryId).RowCount;

    public JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["interactions"] = Interactions.RowCount,
        ["queries"] = QueryCount,
        ["items"] = Items.RowCount,
    };

    private static RetrievalData Movies(string name, FeatureBatch ratings, FeatureBatch movies) =>
        new(name, ratings, movies.DistinctBy("movie_title"), "user_id", "movie_title");
}
