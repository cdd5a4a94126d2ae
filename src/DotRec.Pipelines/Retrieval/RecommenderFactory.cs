using System.Text.Json.Nodes;
using DotRec.Indexing;
using DotRec.Modeling;
using DotRec.Serving;

namespace DotRec.Pipelines;

/// <summary>Makes the recommender of a trained model: item embeddings in an index, display columns, seen items, popularity and the figures of its test.</summary>
internal static class RecommenderFactory
{
    public static (Recommender Recommender, IItemIndex Index) Create(RetrievalRun run, RetrievalData data, RetrievalPipelineOptions options, PipelineNotes notes)
    {
        var ids = data.Items[data.ItemId].ToItemIds();
        IItemIndex index = run.Fit switch
        {
            TwoTowerFit towers => ItemIndexFactory.Build(options.Index, towers.Model, run, data, ids, notes),
            var lists => ((ItemToItemFit)lists).Model.ToIndex(ids),
        };
        try
        {
            return (run.Fit switch
            {
                TwoTowerFit towers => new Recommender(towers.Model.QueryTower.Export(), index, Options(run, data, options) with { ItemModel = towers.Model.ItemTower.Export() }),
                var lists => ByHistory((ItemToItemFit)lists, (SparseIndex)index, Options(run, data, options)),
            }, index);
        }
        catch
        {
            index.Dispose();
            throw;
        }
    }

    private static Recommender ByHistory(ItemToItemFit fit, SparseIndex index, RecommenderOptions options) => new(
        new HistoryQuery { Decay = fit.Model.Decay, Length = fit.Model.HistoryLength },
        index,
        options with
        {
            Interactions = fit.Rows.InOrder,

            // What is popular lately, where that is the model, is in the index.
            UnknownQueries = fit.Model is PopularityModel ? UnknownQueryPolicy.OutOfVocabulary : UnknownQueryPolicy.Popularity,
        });

    private static RecommenderOptions Options(RetrievalRun run, RetrievalData data, RetrievalPipelineOptions options) => new()
    {
        ItemIdColumn = data.ItemId,
        Items = data.Items,
        Interactions = run.Split.Train,
        QueryIdFeature = data.QueryId,
        ExcludeSeen = run.Exclusion.IsOn,

        // The row of unknown queries says what their features say, or, with the vector that all queries share, about what is popular; without both it says nothing.
        UnknownQueries = run.Fit is TwoTowerFit && (options.QueryFeatures.Count > 0 || options.Settings.SharedQueryVector) ? UnknownQueryPolicy.OutOfVocabulary : UnknownQueryPolicy.Popularity,
        Metrics = run.Evaluation?.Metrics.ToDictionary(metric => "test." + metric.Key, metric => metric.Value, StringComparer.Ordinal) ?? [],
        Facts = Facts(run, data, options),
    };

    private static JsonObject Facts(RetrievalRun run, RetrievalData data, RetrievalPipelineOptions options)
    {
        var facts = new JsonObject
        {
            ["data"] = data.Name,
            ["model"] = RetrievalModelNames.Of(run.Fit.Kind),
            ["settings"] = run.Fit.Settings,
            ["seed"] = options.Seed,
            ["trainingRows"] = run.Split.Train.RowCount,
        };
        if (run.Fit.Training is { } training)
        {
            facts["preset"] = options.Settings.Preset;
            facts["epochs"] = training.BestEpoch;
            facts["batchSize"] = options.Settings.BatchSize;
        }

        if (run.Selection is { } selection)
        {
            facts["chosenBecause"] = selection.Reason;
        }

        return facts;
    }
}
