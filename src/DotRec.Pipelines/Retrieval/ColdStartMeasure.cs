using DotRec.Data;
using DotRec.Modeling;
using DotRec.Serving;

namespace DotRec.Pipelines;

/// <summary>Measures a model on what training did not know, beside popularity, a random order and a tower of item features alone.</summary>
internal sealed class ColdStartMeasure(RetrievalData data, RetrievalPipelineOptions options, TowerFeatures features)
{
    private static readonly int[] Ks = [1, 5, 10, 50, 100];

    private bool IsOfItems => options.Test.Kind == HoldOutKind.ColdItems;

    public ColdStartEvaluation Of(RetrievalRun run, RetrievalReport model, RetrievalRows train, FeatureBatch test, PipelineNotes notes, CancellationToken cancellationToken)
    {
        var known = train.Train.DistinctBy(IsOfItems ? data.ItemId : data.QueryId);
        var newItems = IsOfItems ? data.Items.Select(Unknown(data.Items, data.ItemId, known)) : null;
        var popularity = new PopularityModel();
        popularity.Fit(train.Histories, progress: null, cancellationToken);
        var popular = new ItemToItemFit(RetrievalModelKind.Popularity, popularity, train) { Settings = "" }.Evaluate(test, cancellationToken).Retrieval;
        List<ColdStartResult> results =
        [
            new("random", Random(train, test, run.Exclusion.IsOn), newItems is null ? null : RandomOrder.Of([.. Enumerable.Repeat(newItems.RowCount, test.RowCount)], Ks)),
            new("popularity", Usual(popular), AmongNew: null),
        ];
        if (newItems is not null && features.Item.Count > 1 && run.Fit.Training is not { WasStopped: true } && !options.StopToken.IsCancellationRequested)
        {
            notes.Note("training two towers that read the features of items and not their ids, to compare with.");
            var content = new TwoTowerTraining(data, options with { Checkpoint = null }, features with { ReadsContentAlone = true }).Fit(train, notes, cancellationToken);
            results.Add(new("content", Usual(content.Evaluate(test, cancellationToken).Retrieval), AmongNew(content.Model, newItems, test, cancellationToken)));
        }

        results.Add(new(
            RetrievalModelNames.Of(run.Fit.Kind), Usual(model), newItems is not null && run.Fit is TwoTowerFit { Model: var towers } ? AmongNew(towers, newItems, test, cancellationToken) : null));
        Warn(run.Fit, notes);
        return new ColdStartEvaluation(options.Test.Kind, newItems?.RowCount ?? test.DistinctBy(data.QueryId).RowCount, test.RowCount, results);

        RetrievalMetrics Usual(RetrievalReport report) => run.Exclusion.IsOn ? report.ExcludingSeen : report.All;
    }

    private void Warn(RetrievalFit fit, PipelineNotes notes)
    {
        if (IsOfItems && features.Item.Count == 1)
        {
            notes.Warn($"the item tower reads '{data.ItemId}' alone: nothing tells a new item from another, so no model can place it. Name columns that describe items as features, such as a category.");
        }
        else if (fit.Towers is null)
        {
            notes.Warn(IsOfItems
                ? $"{RetrievalModelNames.TitleOf(fit.Kind)} knows items by who had them: new ones, which nobody had, are not recommended. Two towers read the features of items ({RetrievalModelNames.Of(RetrievalModelKind.TwoTower)})."
                : $"{RetrievalModelNames.TitleOf(fit.Kind)} goes by what a query had: new queries, which had nothing, are answered with popularity, whose figures stand beside.");
        }
    }

    private RetrievalMetrics AmongNew(TwoTowerModel model, FeatureBatch newItems, FeatureBatch test, CancellationToken cancellationToken) =>
        new FactorizedTopK(newItems, data.ItemId, Ks).Evaluate(model.EmbedQueries(test), model.EmbedItems(newItems), test[data.ItemId], cancellationToken: cancellationToken);

    // What was seen by a query is no candidate of its order.
    private RetrievalMetrics Random(RetrievalRows train, FeatureBatch test, bool excludesSeen)
    {
        var queries = train.Histories.QueriesOf(test[data.QueryId]);
        var seen = new Dictionary<int, int>();
        return RandomOrder.Of(Array.ConvertAll(queries, query => data.Items.RowCount - (excludesSeen ? SeenBy(query) : 0)), Ks);

        int SeenBy(int query)
        {
            if (!seen.TryGetValue(query, out var count))
            {
                seen[query] = count = train.Histories.Of(query).ToArray().Distinct().Count();
            }

            return count;
        }
    }

    private static int[] Unknown(FeatureBatch rows, string idColumn, FeatureBatch known)
    {
        var found = BundleRanks.TrueRows(rows[idColumn], known[idColumn].ToItemIds());
        return [.. Enumerable.Range(0, found.Length).Where(row => found[row] < 0)];
    }
}
