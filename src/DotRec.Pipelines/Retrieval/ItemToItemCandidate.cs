using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>A model from item to item, with the few settings that matter for it.</summary>
/// <param name="kind">Of which kind.</param>
/// <param name="create">Makes the model of values, one a setting.</param>
/// <param name="settings">Name, values and the place of the value to begin with.</param>
internal sealed class ItemToItemCandidate(RetrievalModelKind kind, Func<double[], ItemToItemModel> create, params (string Name, double[] Values, int Start)[] settings)
{
    // Settings of a dense model are found on the items that are chosen most often: the whole takes so much longer that few could be tried.
    private const int SearchedItems = 3000;

    /// <summary>Of which kind.</summary>
    public RetrievalModelKind Kind => kind;

    /// <summary>The models of which one is to be the best, simpler ones first.</summary>
    /// <param name="rows">The rows to train on, by whose size values are chosen.</param>
    public static IEnumerable<ItemToItemCandidate> All(RetrievalRows rows)
    {
        // Where items have many choices each, a weight has to be held more strongly.
        var isDense = rows.Histories.IsDense;
        (string, double[], int) regularization = ("λ", isDense ? [30, 100, 300, 1000] : [10, 30, 100, 300, 1000], isDense ? 2 : 1);
        yield return new ItemToItemCandidate(
            RetrievalModelKind.Popularity, v => new PopularityModel(), ("newest", rows.HasTimes ? [1, 0.3, 0.1, 0.03] : [1], 0));
        yield return new ItemToItemCandidate(
            RetrievalModelKind.ItemKnn,
            v => new ItemKnnModel { Decay = v[0], Shrinkage = v[1], Neighbours = (int)v[2] },
            ("decay", [1, .95, .8, .6, .4], 0), ("shrinkage", [0, 20, 100, 500], 1), ("neighbours", [50, 200], 1));
        yield return new ItemToItemCandidate(
            RetrievalModelKind.SequentialRules,
            v => new SequentialRulesModel { Decay = v[0], Steps = (int)v[1] },
            ("decay", [.3, .5, .7, .85, 1], 2), ("steps", [3, 10, 20], 1));
        yield return new ItemToItemCandidate(
            RetrievalModelKind.Ease, v => new EaseModel { Regularization = v[0], Decay = v[1], MaxItems = (int)v[2] }, regularization, ("decay", [1, .95, .8], 0), ("items", [12_000], 0));
        yield return new ItemToItemCandidate(
            RetrievalModelKind.ItemTransition,
            v => new ItemTransitionModel { Decay = v[0], Regularization = v[1], MaxItems = (int)v[2] }, ("decay", [.6, .75, .85], 1), regularization, ("items", [12_000], 0));
    }

    /// <summary>Searches the settings, and fits the best ones.</summary>
    public RetrievalChoice Try(RetrievalRows rows, FeatureBatch validation, bool? excludesSeen, SearchLog? log, CancellationToken cancellationToken)
    {
        var isCut = kind is RetrievalModelKind.Ease or RetrievalModelKind.ItemTransition && rows.Histories.ItemCount > SearchedItems;
        var ((values, fit, report), _) = RetrievalChoice.Search(
            kind, [.. settings.Select(Searched)], values => Fit(rows, values, "", cancellationToken), validation, excludesSeen, log, cancellationToken);
        if (isCut)
        {
            values = [.. values[..^1], settings[^1].Values[0]];
            fit = Fit(rows, values, "", cancellationToken);
            report = fit.Evaluate(validation, cancellationToken).Retrieval;
        }

        var words = string.Join(", ", settings.Zip(values).Where(setting => setting.First.Values.Length > 1 || isCut).Select(setting => FormattableString.Invariant($"{setting.First.Name} {setting.Second}")));
        return new RetrievalChoice(fit with { Settings = words }, report, (all, token) => Fit(all, values, words, token));

        (string, double[], int) Searched((string Name, double[] Values, int Start) setting) =>
            setting.Name == "items" && rows.Histories.ItemCount > SearchedItems ? (setting.Name, [SearchedItems], 0) : setting;
    }

    /// <summary>Fits with the settings that a search begins with.</summary>
    public RetrievalFit FitDefault(RetrievalRows rows, CancellationToken cancellationToken)
    {
        var values = Array.ConvertAll(settings, setting => setting.Values[setting.Start]);
        return Fit(rows, values, string.Join(", ", settings.Zip(values, (setting, value) => FormattableString.Invariant($"{setting.Name} {value}"))), cancellationToken);
    }

    private ItemToItemFit Fit(RetrievalRows rows, double[] values, string words, CancellationToken cancellationToken)
    {
        var model = create(values);
        model.Fit(kind == RetrievalModelKind.Popularity ? rows.Recent(values[0]) : rows.Histories, progress: null, cancellationToken);
        return new ItemToItemFit(kind, model, rows) { Settings = words };
    }
}
