using System.Text.Json.Nodes;
using DotRec.Indexing;
using DotRec.Serving;

namespace DotRec.Pipelines;

/// <summary>Makes the recommender of a trained model: item embeddings in an index, display columns, seen items, popularity and the figures of its test.</summary>
internal static class RecommenderFactory
{
    public static (Recommender Recommender, IItemIndex Index) Create(RetrievalRun run, RetrievalData data, RetrievalPipelineOptions options, PipelineNotes notes)
    {
        var ids = data.Items[data.ItemId].ToItemIds();
        var index = ItemIndexFactory.Build(options.Index, run, data, ids, notes);
        try
        {
            return (new Recommender(run.Model.QueryTower.Export(), index, new RecommenderOptions
            {
                ItemIdColumn = data.ItemId,
                ItemModel = run.Model.ItemTower.Export(),
                Items = data.Items,
                Interactions = run.Split.Train,
                QueryIdFeature = data.QueryId,
                ExcludeSeen = run.Exclusion.IsOn,
                Metrics = run.Evaluation?.Metrics.ToDictionary(metric => "test." + metric.Key, metric => metric.Value, StringComparer.Ordinal) ?? [],
                Facts = new JsonObject
                {
                    ["data"] = data.Name,
                    ["preset"] = options.Settings.Preset,
                    ["seed"] = options.Seed,
                    ["epochs"] = run.Fit.BestEpoch,
                    ["batchSize"] = options.Settings.BatchSize,
                    ["trainingRows"] = run.Split.Train.RowCount,
                },
            }), index);
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }
}
