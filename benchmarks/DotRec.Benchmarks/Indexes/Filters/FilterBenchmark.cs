using System.Diagnostics;
using DotRec.Indexing;

namespace DotRec.Benchmarks;

/// <summary>Measures an index under filters, beside the exact index under the same.</summary>
/// <param name="corpus">Items and queries; the queries of odd number ask.</param>
/// <param name="index">The index, going as far as it was calibrated to.</param>
/// <param name="exact">The exact index of the same items.</param>
/// <param name="k">Candidates a query.</param>
/// <param name="passes">Times every question is asked.</param>
internal sealed class FilterBenchmark(VectorCorpus corpus, IItemIndex index, IItemIndex exact, int k, int passes)
{
    // Searches with filter objects that were never used; the mean is that of their middle half, as another process may stop any of them for milliseconds.
    private const int FreshFilters = 16;

    // The exact scan is slow and steady: few questions tell its speed, and where it takes tens of milliseconds, one pass.
    private const int ExactQuestions = 10;
    private const int ExactPasses = 3;
    private const int ManyValues = 100_000_000;

    // Until the runtime has compiled what filters need.
    private const double WarmUpSeconds = 0.5;

    private int ExactPassCount => corpus.Items.Length > ManyValues ? 1 : Math.Min(ExactPasses, passes);

    /// <summary>First all items, then every kind of filter with every share of items.</summary>
    public IReadOnlyList<FilterFigures> Run(FilterPlan plan, ulong seed, CancellationToken cancellation)
    {
        var queries = FilterPlan.SharedQueries(corpus);
        WarmUp(cancellation);
        List<FilterFigures> figures = [Measure(new FilterCase("none", 100, corpus.ItemCount, Array.ConvertAll(queries, query => new FilteredQuery(query, null))), cancellation)];
        foreach (var maker in plan.Makers(corpus, seed))
        {
            Terminal.Say($"measuring filters: {maker.Name}, {maker.QueryCount} queries each");
            figures.AddRange(maker.Cases(plan.Selectivities, cancellation).Select(one => Measure(one, cancellation)));
        }

        return figures;
    }

    private FilterFigures Measure(FilterCase one, CancellationToken cancellation)
    {
        var questions = one.Questions;
        var truth = GroundTruth.Compute(exact, corpus, k, questions, cancellation);
        var first = questions[0].Filter is null ? (double?)null : First(questions, cancellation);
        var timed = TimedAnswers.Measure(questions.Length, k, passes, cancellation, (question, results) => Search(index, questions[question], results))[0];
        var exactTimed = TimedAnswers.Measure(
            Math.Min(ExactQuestions, questions.Length), k, ExactPassCount, cancellation, (question, results) => Search(exact, questions[question], results))[0];
        var expected = Math.Min(k, one.Allowed);
        return new FilterFigures(
            one.Kind,
            one.Selectivity,
            one.Allowed,
            questions.Length,
            timed.Answers.Count(answer => answer.Length == expected) / (double)questions.Length,
            truth.Recall(timed.Answers, expected),
            first,
            Median.Of(timed.Microseconds),
            Median.Of(exactTimed.Microseconds));
    }

    // The making of the filter is its owner's time; what an index does with one that it never met is its own.
    private double First(FilteredQuery[] questions, CancellationToken cancellation)
    {
        var results = new Candidate[k];
        var microseconds = new double[FreshFilters];
        var (filter, bits) = ((ItemFilter?)null, Array.Empty<ulong>());
        for (var i = 0; i < FreshFilters; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var question = questions[i * questions.Length / FreshFilters];
            (filter, bits) = ReferenceEquals(filter, question.Filter) ? (filter, bits) : (question.Filter, Bits(question.Filter!));
            var fresh = question with { Filter = ItemFilter.FromBits(corpus.ItemCount, bits) };
            var start = Stopwatch.GetTimestamp();
            Search(index, fresh, results);
            microseconds[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        Array.Sort(microseconds);
        return microseconds[(FreshFilters / 4)..(FreshFilters * 3 / 4)].Average();
    }

    private void WarmUp(CancellationToken cancellation)
    {
        var results = new Candidate[k];
        var bits = Bits(ItemFilter.Where(corpus.ItemCount, row => row % 10 == 0));
        for (var (start, query) = (Stopwatch.GetTimestamp(), 0); Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds; query = (query + 1) % corpus.QueryCount)
        {
            cancellation.ThrowIfCancellationRequested();
            Search(index, new FilteredQuery(query, ItemFilter.FromBits(corpus.ItemCount, bits)), results);
        }
    }

    // A combination would be fresh only in name: what is mapped stays in the filters that it is made of.
    private ulong[] Bits(ItemFilter filter)
    {
        var bits = new ulong[(corpus.ItemCount + 63) / 64];
        for (var row = 0; row < corpus.ItemCount; row++)
        {
            bits[row >> 6] |= (filter.Allows(row) ? 1UL : 0) << (row & 63);
        }

        return bits;
    }

    private int Search(IItemIndex asked, FilteredQuery question, Span<Candidate> results) => asked.Search(corpus.Query(question.Query), results, question.Filter);
}
