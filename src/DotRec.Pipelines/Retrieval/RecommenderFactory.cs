using System.Text.Json.Nodes;
using DotRec.Indexing;
using DotRec.Serving;

namespace DotRec.Pipelines;

/// <summary>Makes the recommender of a trained model: item embeddings in an index, display columns, seen items, popularity and the figures of its test.</summary>
internal static class RecommenderFactory
{
    /// <summary>Saves the trained model as a bundle, its items in an index of the kind asked for.</summary>
    public static void Save(RetrievalRun run, RetrievalData data, RetrievalSettings settings, string directory, ItemIndexKind kind, PipelineNotes notes)
    {
        var (recommender, index) = Create(run, data, settings, kind, notes);
        using (index)
        using (recommender)
        {
            recommender.Save(directory);
        }
    }

    private static (Recommender Recommender, IItemIndex Index) Create(RetrievalRun run, RetrievalData data, RetrievalSettings settings, ItemIndexKind kind, PipelineNotes notes)
    {
        var ids = data.Items[data.ItemId].ToItemIds();
        var index = ItemIndexFactory.Build(kind, run, data, ids, notes);
        var recommender = new Recommender(run.Model.QueryTower.Export(), index, new RecommenderOptions
        {
            ItemIdColumn = data.ItemId,
            ItemModel = run.Model.ItemTower.Export(),
            Items = data.Items,
            Interactions = run.Train,
            QueryIdFeature = data.QueryId,
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

}
