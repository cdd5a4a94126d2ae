using DotRec.Data;

namespace DotRec.Cli;

/// <summary>Makes retrieval data of the user's tables.</summary>
internal static class TrainingData
{
    /// <summary>
    /// Checks the columns, and makes the catalogue: the given one, or the distinct items of the interactions with their first row's features.
    /// Item features that only the catalogue has are joined to the interactions, which the item tower is trained on.
    /// </summary>
    public static RetrievalData Prepare(string name, FeatureBatch interactions, FeatureBatch? catalogue, TowerFeatures features)
    {
        var (queryId, itemId) = (features.Query[0], features.Item[0]);
        Require(interactions, [.. features.Query, itemId], "--data");
        RequireIds(interactions[queryId], "--query");
        RequireIds(interactions[itemId], "--item");
        interactions = features.WithLists(interactions);
        if (interactions.RowCount == 0)
        {
            throw new UserException($"{name} has no rows to train on.");
        }

        if (catalogue is null)
        {
            Require(interactions, features.Item, "--data");
            return new RetrievalData(name, interactions, interactions.Only([.. features.Item]).DistinctBy(itemId), queryId, itemId);
        }

        Require(catalogue, features.Item, "--items");
        RequireIds(catalogue[itemId], "--item");
        catalogue = features.WithLists(catalogue);
        foreach (var column in features.Item)
        {
            if (interactions.TryGet(column, out var own) && own.Schema != catalogue[column].Schema)
            {
                throw new UserException($"The files of --data and --items must agree on '{column}': one has '{own.Schema}', the other '{catalogue[column].Schema}'.");
            }
        }

        var distinct = catalogue.DistinctBy(itemId);
        if (distinct.RowCount < catalogue.RowCount)
        {
            Terminal.Warn($"{catalogue.RowCount - distinct.RowCount} rows of --items repeat an id of '{itemId}'; the first of each is used.");
        }

        var missing = features.Item.Where(column => !interactions.TryGet(column, out _)).ToArray();
        return new RetrievalData(
            name, missing.Length == 0 ? interactions : interactions.Join(distinct.Only([itemId, .. missing]), on: itemId), distinct, queryId, itemId);
    }

    private static void Require(FeatureBatch data, IEnumerable<string> columns, string option)
    {
        foreach (var column in columns.Where(column => !data.TryGet(column, out _)))
        {
            throw new UserException($"The file of {option} has no column '{column}'. Its columns are: {string.Join(", ", data.Schema)}.");
        }
    }

    private static void RequireIds(Column column, string option)
    {
        if (column is not (Column<string> { Schema.IsJagged: false } or Column<long> { Schema.IsJagged: false }))
        {
            throw new UserException($"{option} names column '{column.Schema}'; ids are texts or integers, one a row.");
        }
    }
}
