using System.Text.Json.Nodes;
using DotRec.Indexing;
using DotRec.Modeling;
using DotRec.Onnx;
using DotRec.Serving;

namespace DotRec.Pipelines;

/// <summary>Makes the recommender of a trained model: item embeddings in an index, display columns, seen items, popularity and the figures of its test.</summary>
internal static class RecommenderFactory
{
    /// <summary>The recommender, and what it does not dispose itself.</summary>
    public static (Recommender Recommender, IReadOnlyList<IDisposable> Indexes) Create(RetrievalRun run, RetrievalData data, RetrievalPipelineOptions options, PipelineNotes notes)
    {
        var ids = data.Items[data.ItemId].ToItemIds();
        var indexes = new List<IDisposable>();
        var common = Options(run, data, options);
        try
        {
            return (run.Fit switch
            {
                TwoTowerFit towers => new Recommender(towers.Model.QueryTower.Export(), Embeddings(towers), common with { ItemModel = towers.Model.ItemTower.Export() }),
                HistoryEmbeddingFit histories => new Recommender(
                    QueryModel(histories), Embeddings(histories), new HistoryQuery { Length = histories.Model.HistoryLength }, ByHistory(common, histories.Rows)),
                BlendFit blend => Blended(blend),
                var lists => new Recommender(Query((ItemToItemFit)lists), Lists((ItemToItemFit)lists), ByHistory(common, ((ItemToItemFit)lists).Rows) with
                {
                    // What is popular lately, where that is the model, is in the index.
                    UnknownQueries = ((ItemToItemFit)lists).Model is PopularityModel ? UnknownQueryPolicy.OutOfVocabulary : UnknownQueryPolicy.Popularity,
                }),
            }, indexes);
        }
        catch
        {
            indexes.ForEach(index => index.Dispose());
            throw;
        }

        Recommender Blended(BlendFit blend)
        {
            var query = Query(blend.Lists);
            var index = new BlendedIndex(Embeddings(blend.Embeddings), Lists(blend.Lists), blend.Weight);
            return blend.Embeddings is HistoryEmbeddingFit histories
                ? new Recommender(QueryModel(histories), index, query with { Length = Math.Max(query.Length, histories.Model.HistoryLength) }, ByHistory(common, blend.Lists.Rows))
                : new Recommender(((TwoTowerFit)blend.Embeddings).Model.QueryTower.Export(), index, query, ByHistory(common, blend.Lists.Rows) with { ItemModel = ((TwoTowerFit)blend.Embeddings).Model.ItemTower.Export() });
        }

        IItemIndex Embeddings(RetrievalFit fit) => Owned(ItemIndexFactory.Build(options.Index, fit, run, data, ids, notes));

        SparseIndex Lists(ItemToItemFit fit) => Owned(fit.Model.ToIndex(ids));

        OnnxModel QueryModel(HistoryEmbeddingFit histories) => histories.Model.ExportQuery(data.Items[data.ItemId], HistoryQuery.DefaultFeature);

        T Owned<T>(T index)
            where T : IDisposable
        {
            indexes.Add(index);
            return index;
        }
    }

    private static HistoryQuery Query(ItemToItemFit lists) => new() { Decay = lists.Model.Decay, Length = lists.Model.HistoryLength };

    // What ids had is told in order, and who had nothing gets what is popular.
    private static RecommenderOptions ByHistory(RecommenderOptions options, RetrievalRows rows) => options with
    {
        Interactions = rows.InOrder,
        UnknownQueries = UnknownQueryPolicy.Popularity,
    };

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
