using System.Diagnostics;
using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>Answers the question of a number; returns how many candidates were written.</summary>
internal delegate int Ask(int question, Span<Candidate> results);

/// <summary>What an index answered to some questions, and the time each took: the median over passes.</summary>
/// <param name="Answers">The candidates of each question, best first.</param>
/// <param name="Microseconds">The time of each question.</param>
internal sealed record TimedAnswers(Candidate[][] Answers, double[] Microseconds)
{
    /// <summary>
    /// Asks every index every question, one at a time on this thread: once to warm up, which gives the answers, then in timed passes that go round
    /// the indexes, so that a busy moment of the machine falls on all alike.
    /// </summary>
    public static TimedAnswers[] Measure(int questions, int k, int passes, CancellationToken cancellation, params Ask[] indexes)
    {
        var results = new Candidate[k];
        var answers = Array.ConvertAll(indexes, _ => new Candidate[questions][]);
        var times = Array.ConvertAll(indexes, _ => new double[passes][]);
        for (var pass = -1; pass < passes; pass++)
        {
            for (var index = 0; index < indexes.Length; index++)
            {
                var microseconds = new double[questions];
                for (var question = 0; question < questions; question++)
                {
                    cancellation.ThrowIfCancellationRequested();
                    var start = Stopwatch.GetTimestamp();
                    var count = indexes[index](question, results);
                    microseconds[question] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
                    if (pass < 0)
                    {
                        answers[index][question] = results[..count];
                    }
                }

                if (pass >= 0)
                {
                    times[index][pass] = microseconds;
                }
            }
        }

        return [.. indexes.Select((_, index) => new TimedAnswers(answers[index], Median.Across(times[index])))];
    }
}
