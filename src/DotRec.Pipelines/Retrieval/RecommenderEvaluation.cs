using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>Where the items that were chosen stand in a recommender's lists, and popularity beside it.</summary>
public sealed class RecommenderEvaluation
{
    private readonly FeatureBatch _measured;
    private readonly string _queryId;
    private readonly string _itemId;

    internal RecommenderEvaluation(FeatureBatch measured, string queryId, string itemId, RetrievalReport model) =>
        (_measured, _queryId, _itemId, Model) = (measured, queryId, itemId, model);

    /// <summary>Rows with ids that the file has.</summary>
    public required int RowCount { get; init; }

    /// <summary>Rows measured on: all, or a random part where all would be too many.</summary>
    public int MeasuredRowCount => _measured.RowCount;

    /// <summary>Rows measured on that name an item which the recommender does not hold; they are misses.</summary>
    public required int UnknownItemCount { get; init; }

    /// <summary>The recommender, by the lists of 100 that it gives: an item that is not in its list has no rank.</summary>
    public RetrievalReport Model { get; }

    /// <summary>Lists of 100 by how often items were chosen in training, the same for everybody; null where the recommender does not know that.</summary>
    public RetrievalReport? Popularity { get; init; }

    /// <summary>
    /// The rows of items that nobody chose in training, by themselves, as the recommender answers; null where there are none, or it is not known what was chosen.
    /// </summary>
    public ColdStartEvaluation? NewItems { get; init; }

    /// <summary>
    /// Writes where the chosen item of each row stands: the row's query and item, its rank by the recommender and by popularity, and the same among the
    /// items that the query has not had. A rank is from 1 on; 0 says that the item is not among the first 100.
    /// </summary>
    /// <param name="path">A .csv or .parquet file; there whole or not at all.</param>
    /// <param name="cancellationToken">Stops between columns.</param>
    /// <exception cref="ArgumentException">The file's name says no format.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public Task SaveRanksAsync(string path, CancellationToken cancellationToken = default) =>
        TableOutput.WriteAsync(RankTable.Of(_measured[_queryId], _measured[_itemId], Model, Popularity), path, cancellationToken);
}
