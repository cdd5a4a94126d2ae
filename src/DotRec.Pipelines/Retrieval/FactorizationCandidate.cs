using DotRec.Data;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>A factorization that embeds histories, with the few settings that matter for it.</summary>
/// <param name="kind">Of which kind.</param>
/// <param name="create">Makes the model of values, one a setting.</param>
/// <param name="settings">Name, values and the place of the value to begin with.</param>
internal sealed class FactorizationCandidate(RetrievalModelKind kind, Func<double[], HistoryEmbeddingModel> create, params (string Name, double[] Values, int Start)[] settings)
{
    /// <summary>Of which kind.</summary>
    public RetrievalModelKind Kind => kind;

    /// <summary>The models.</summary>
    /// <param name="rows">The rows to train on, by whose size values are chosen.</param>
    /// <param name="seed">Decides the vectors to begin with.</param>
    public static IEnumerable<FactorizationCandidate> All(RetrievalRows rows, ulong seed)
    {
        var isDense = rows.Histories.IsDense;
        yield return new FactorizationCandidate(
            RetrievalModelKind.Ials,
            v => new IalsModel { UnobservedWeight = v[0], Regularization = v[1], Seed = seed },
            ("α", isDense ? [.03, .1, .3] : [.003, .01, .03], 1), ("λ", [.001, .003, .01], 1));
        yield return new FactorizationCandidate(
            RetrievalModelKind.Bpr,
            v => new BprModel { Regularization = v[0], Rounds = (int)v[1], Seed = seed },
            ("λ", [.003, .01, .03], 1), ("rounds", [20, 50], 1));
    }

    /// <summary>Searches the settings.</summary>
    public RetrievalChoice Try(RetrievalRows rows, FeatureBatch validation, bool? excludesSeen, SearchLog? log, CancellationToken cancellationToken)
    {
        var ((values, fit, report), words) = RetrievalChoice.Search(
            kind, settings, values => Fit(rows, values, "", cancellationToken), validation, excludesSeen, log, cancellationToken);
        return new RetrievalChoice(fit with { Settings = words }, report, (all, token) => Fit(all, values, words, token));
    }

    private HistoryEmbeddingFit Fit(RetrievalRows rows, double[] values, string words, CancellationToken cancellationToken)
    {
        var model = create(values);
        model.Fit(rows.Histories, progress: null, cancellationToken);
        return new HistoryEmbeddingFit(kind, model, Steps: null, rows) { Settings = words };
    }
}
