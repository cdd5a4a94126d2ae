using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>Chooses among ranking networks on the validation rows: a regression first, then networks by what they cost.</summary>
internal static class RankingSearch
{
    private static readonly RankingNetworkKind[] Candidates =
        [RankingNetworkKind.Logistic, RankingNetworkKind.WideAndDeep, RankingNetworkKind.DeepCross, RankingNetworkKind.FieldAware];

    public static (ModelSelection Selection, RankingTrial Chosen) Run(
        RankingFits fits, RankingData data, RankingPipelineOptions options, float[] labels, float[]? weights, Func<RankingModel, float[]> predict, PipelineNotes notes, CancellationToken cancellationToken)
    {
        notes.Note(FormattableString.Invariant(
            $"comparing {string.Join(", ", Candidates.Select(network => network.Name))} on {labels.Length:N0} validation rows{(options.TimeBudget is { } time ? $", within {time.TotalSeconds:N0} s" : "")}; a simpler one is taken where the best is better by no more than the noise of the rows."));
        var search = new ModelSearch<RankingTrial>(data.Label.IsBinary ? "log loss" : "squared error", lessIsBetter: true) { Budget = options.TimeBudget };
        foreach (var network in Candidates)
        {
            search.Add(network.Name, budget => Try(network, budget));
        }

        try
        {
            return search.Run(notes, cancellationToken);
        }
        catch (ArgumentException) when (options.StopToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(options.StopToken);
        }

        CandidateTrial<RankingTrial> Try(RankingNetworkKind network, CancellationToken budget)
        {
            if (options.StopToken.IsCancellationRequested)
            {
                throw new ArgumentException("training was stopped.");
            }

            var trial = fits.TryRates(network, notes, budget, cancellationToken);
            return new CandidateTrial<RankingTrial>(trial, Words(trial), RowLosses(predict(trial.Model), labels, weights, data.Label.IsBinary));
        }
    }

    private static string Words(RankingTrial trial) => FormattableString.Invariant(
        $"rate {trial.Settings.LearningRate:0.#####}, {trial.Fit.BestEpoch} {(trial.Fit.BestEpoch == 1 ? "epoch" : "epochs")} of steps of {trial.Settings.BatchSize} rows{(trial.Fit.WasStopped ? ", stopped" : "")}");

    private static double[] RowLosses(float[] predictions, float[] labels, float[]? weights, bool isBinary)
    {
        const double Clip = 1e-7;
        return [.. predictions.Zip(labels, (prediction, label) => Loss(prediction, label)).Select((loss, row) => weights is null ? loss : weights[row] * loss)];

        double Loss(float prediction, float label)
        {
            var p = Math.Clamp((double)prediction, Clip, 1 - Clip);
            return isBinary ? -Math.Log(label > 0 ? p : 1 - p) : ((double)prediction - label) * ((double)prediction - label);
        }
    }
}
