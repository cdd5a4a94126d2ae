using System.Text.Json.Nodes;
using DotRec.Data;
using DotRec.Indexing;
using DotRec.Serving;
using SeenItems = DotRec.Serving.SeenItems;

namespace DotRec.Cli;

/// <summary>Makes the recommender of a trained model: item embeddings in an index, display columns, seen items, popularity and the figures of its test.</summary>
internal static class RecommenderFactory
{
    /// <summary>Saves the trained model as a bundle, its items in an index of the kind asked for.</summary>
    public static void Save(SeedRun run, RetrievalData data, RetrievalSettings settings, string directory, ItemIndexKind kind = ItemIndexKind.Auto)
    {
        var (recommender, index) = Create(run, data, settings, kind);
        using (index)
        using (recommender)
        {
            recommender.Save(directory);
        }
    }

    private static (Recommender Recommender, IItemIndex Index) Create(SeedRun run, RetrievalData data, RetrievalSettings settings, ItemIndexKind kind)
    {
        var ids = ItemIdsOf(data.Items[data.ItemId]);
        var seen = Seen(run.Train[data.QueryId], run.Train[data.ItemId], ids);
        var index = ItemIndexFactory.Build(kind, run, data.Items, ids, seen);
        var recommender = new Recommender(run.Model.QueryTower, index, new RecommenderOptions
        {
            ItemIdColumn = data.ItemId,
            ItemModel = run.Model.ItemTower,
            ItemColumns = [.. data.Items.Columns.Where(column => column.Name != data.ItemId).Select(Display)],
            Popularity = Counts(run.Train[data.ItemId], ids),
            Seen = seen,
            Metrics = run.Evaluation.Metrics.ToDictionary(metric => "test." + metric.Key, metric => metric.Value, StringComparer.Ordinal),
            Facts = new JsonObject
            {
                ["data"] = data.Name,
                ["preset"] = settings.Preset,
                ["seed"] = run.Seed,
                ["epochs"] = run.Fit.BestEpoch,
                ["batchSize"] = settings.BatchSize,
                ["trainingRows"] = run.Train.RowCount,
            },
        });
        return (recommender, index);
    }

    private static ItemIds ItemIdsOf(Column ids) => ids is Column<string> texts ? ItemIds.From(texts.Values) : ItemIds.From(((Column<long>)ids).Values);

    private static ItemColumn Display(Column column) => column switch
    {
        Column<string> { Schema.IsJagged: false } texts => ItemColumn.From(column.Name, texts.Values.ToArray()),
        Column<long> { Schema.IsJagged: false } integers => ItemColumn.From(column.Name, integers.Values.ToArray()),
        Column<float> { Schema.IsJagged: false } numbers => ItemColumn.From(column.Name, numbers.Values.ToArray()),
        Column<double> { Schema.IsJagged: false } numbers => ItemColumn.From(column.Name, numbers.Values.ToArray()),
        _ => ItemColumn.From(column.Name, Enumerable.Range(0, column.RowCount).Select(row => ListField.Join(column, row)).ToArray()),
    };

    private static long[] Counts(Column items, ItemIds ids)
    {
        var counts = new long[ids.Count];
        for (var row = 0; row < items.RowCount; row++)
        {
            var item = items is Column<string> texts ? ids.RowOf(texts.Values[row]) : ids.RowOf(((Column<long>)items).Values[row]);
            if (item >= 0)
            {
                counts[item]++;
            }
        }

        return counts;
    }

    private static SeenItems Seen(Column queries, Column items, ItemIds ids) => (queries, items) switch
    {
        (Column<string> q, Column<string> i) => SeenItems.From(q.Name, q.Values, i.Values, ids),
        (Column<string> q, Column<long> i) => SeenItems.From(q.Name, q.Values, i.Values, ids),
        (Column<long> q, Column<string> i) => SeenItems.From(q.Name, q.Values, i.Values, ids),
        _ => SeenItems.From(queries.Name, ((Column<long>)queries).Values, ((Column<long>)items).Values, ids),
    };
}
