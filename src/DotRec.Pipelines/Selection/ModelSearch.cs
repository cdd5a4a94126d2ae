using System.Numerics.Tensors;
using DotRec.Modeling;

namespace DotRec.Pipelines;

/// <summary>
/// Tries candidates one after another within a budget of time, and chooses one: the best, or the first of those that are not worse than it by more than the
/// noise of the validation rows. Candidates come in order, simpler ones first, so that of equals the simpler one is taken.
/// </summary>
/// <typeparam name="T">What the trial of a candidate gives.</typeparam>
/// <param name="metric">What is compared.</param>
/// <param name="lessIsBetter">True for losses.</param>
internal sealed class ModelSearch<T>(string metric, bool lessIsBetter)
{
    private readonly List<(string Name, Func<CancellationToken, CandidateTrial<T>> Try)> _candidates = [];

    /// <summary>The budget of the search and the last fit together; null for none.</summary>
    public TimeSpan? Budget { get; init; }

    /// <summary>Ends the search before the next candidate: one of those tried so far is chosen.</summary>
    public CancellationToken StopToken { get; init; }

    /// <summary>Name of an option whose mistakes end the search instead of ruling a candidate out; null for none.</summary>
    public string? MustNotFail { get; init; }

    /// <summary>Name of the candidate that is chosen whatever the figures, which are told all the same; null for the best.</summary>
    public string? Required { get; init; }

    /// <summary>Tells the time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Adds a candidate. Its trial may search settings of its own; it stops when its token says so.</summary>
    public void Add(string name, Func<CancellationToken, CandidateTrial<T>> tryIt) => _candidates.Add((name, tryIt));

    /// <summary>Tries all candidates and chooses.</summary>
    /// <exception cref="ArgumentException">No candidate could be measured: the message is that of the first.</exception>
    public (ModelSelection Selection, T Chosen) Run(PipelineNotes notes, CancellationToken cancellationToken)
    {
        var start = Clock.GetTimestamp();
        var trials = new List<(ModelCandidate Candidate, CandidateTrial<T>? Trial)>();
        Exception? first = null;
        foreach (var (name, tryIt) in _candidates)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var begun = Clock.GetTimestamp();
            var (candidate, trial, problem) = Try(name, tryIt, Budget - Clock.GetElapsedTime(start), trials.Count == 0, cancellationToken);
            first ??= problem;
            candidate = candidate with { Seconds = Clock.GetElapsedTime(begun).TotalSeconds };
            trials.Add((candidate, trial));
            if (candidate.Problem is { } ruledOut)
            {
                notes.Note($"{name}: {ruledOut}");
            }
            else
            {
                notes.NoteModel(FormattableString.Invariant(
                    $"{name}: {metric} {candidate.Figure:0.0000} ± {candidate.Interval:0.0000}, {candidate.Seconds:0.0} s{(candidate.Settings.Length > 0 ? $" ({candidate.Settings})" : "")}"));
            }
        }

        if (!trials.Exists(tried => tried.Trial is not null))
        {
            throw new ArgumentException($"No model could be measured. {first?.Message}", first);
        }

        if (Required is not null && trials.Find(tried => tried.Candidate.Name == Required) is { Trial: null, Candidate.Problem: var why })
        {
            throw new ArgumentException($"{Required} is what was asked for, but it is {why}");
        }

        var (compared, chosen, reason) = Choose(trials);
        return (new ModelSelection(metric, compared, compared[chosen], reason)
        {
            LessIsBetter = lessIsBetter,
            ValidationRowCount = trials[chosen].Trial!.Figures.Length,
            Budget = Budget,
            Spent = Clock.GetElapsedTime(start),
        }, trials[chosen].Trial!.Result);
    }

    // Half of what is left: the chosen one is fit once more. The first one is tried whatever is left, for something has to be chosen.
    private (ModelCandidate Candidate, CandidateTrial<T>? Trial, Exception? Problem) Try(
        string name, Func<CancellationToken, CandidateTrial<T>> tryIt, TimeSpan? left, bool isFirst, CancellationToken cancellationToken)
    {
        if (!isFirst && (StopToken.IsCancellationRequested || left <= TimeSpan.Zero))
        {
            return (new ModelCandidate(name, "") { Problem = StopToken.IsCancellationRequested ? "not tried: the search was stopped" : "not tried: the time is used up" }, null, null);
        }

        using var budget = left is { } time && !isFirst ? new CancellationTokenSource(time / 2, Clock) : new CancellationTokenSource();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancellationToken);
        try
        {
            var trial = tryIt(both.Token);
            var mean = TensorPrimitives.Average<double>(trial.Figures);
            return (new ModelCandidate(name, trial.Settings) { Figure = mean, Interval = 1.96 * StandardError(trial.Figures, mean) }, trial, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (new ModelCandidate(name, "") { Problem = "stopped: it takes longer than the time that is left allows" }, null, null);
        }
        catch (Exception unfit) when (unfit is ArgumentException or ArithmeticException or NonFiniteLossException && !(MustNotFail is not null && (unfit as ArgumentException)?.ParamName == MustNotFail))
        {
            return (new ModelCandidate(name, "") { Problem = $"not possible: {unfit.Message}" }, null, unfit);
        }
    }

    private (ModelCandidate[] Compared, int Chosen, string Reason) Choose(List<(ModelCandidate Candidate, CandidateTrial<T>? Trial)> trials)
    {
        var sign = lessIsBetter ? -1 : 1;
        var best = Enumerable.Range(0, trials.Count).Where(i => trials[i].Trial is not null).MaxBy(i => sign * trials[i].Candidate.Figure!.Value);
        var compared = trials.Select(tried => tried.Trial is null ? tried.Candidate : Compare(tried.Candidate, tried.Trial.Figures, trials[best].Trial!.Figures, sign)).ToArray();

        // Within one standard error, which is 1 / 1.96 of the interval.
        var chosen = Array.FindIndex(compared, candidate => Required is null ? candidate.Behind <= candidate.BehindInterval / 1.96 : candidate.Name == Required);
        var (name, other) = (compared[chosen].Name, compared[best]);
        if (Required is not null)
        {
            return (compared, chosen, $"{name} is what was asked for.");
        }

        var reason = chosen == best
            ? FormattableString.Invariant($"{name} has the best {metric} on the validation rows, {other.Figure:0.0000} ± {other.Interval:0.0000}.")
            : FormattableString.Invariant(
                $"{name} is chosen: {other.Name} is better by {compared[chosen].Behind:0.0000} ± {compared[chosen].BehindInterval:0.0000} in {metric}, which is within the noise, and {name} is simpler.");
        return (compared, chosen, reason);
    }

    private static ModelCandidate Compare(ModelCandidate candidate, double[] figures, double[] best, int sign)
    {
        if (figures.Length != best.Length)
        {
            throw new InvalidOperationException($"{candidate.Name} was measured on {figures.Length} rows, the best one on {best.Length}.");
        }

        var differences = best.Zip(figures, (of, own) => sign * (of - own)).ToArray();
        var mean = differences.Average();
        return candidate with { Behind = mean, BehindInterval = 1.96 * StandardError(differences, mean) };
    }

    private static double StandardError(double[] values, double mean) =>
        values.Length < 2 ? 0 : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1.0) / values.Length);
}
