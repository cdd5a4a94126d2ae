using DotRec.Kernels;

namespace DotRec.Modeling;

/// <summary>A metric of every query (a user, say): its mean, how surely that is known, and how it compares with the same metric of another model.</summary>
public sealed class MetricSample
{
    private const int Resamples = 1000;
    private readonly double[] _values;

    /// <param name="name">The metric, for example "recall@20".</param>
    /// <param name="values">One value a query.</param>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public MetricSample(string name, IReadOnlyList<double> values)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(values);
        (Name, _values) = (name, values.Count > 0 ? [.. values] : throw new ArgumentException($"{name} has no value: there is no query with a relevant item.", nameof(values)));
        Mean = _values.Average();
    }

    /// <summary>The metric.</summary>
    public string Name { get; }

    /// <summary>The mean over queries.</summary>
    public double Mean { get; }

    /// <summary>One value a query.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <summary>The 95 % interval of the mean by the bootstrap over queries (Efron, 1979): the 2.5 and 97.5 percentiles of the means of 1,000 samples with replacement.</summary>
    /// <param name="seed">Decides the samples.</param>
    public (double Low, double High) Interval(ulong seed = 0)
    {
        var means = new double[Resamples];
        Parallelism.ForRanges(Resamples, 50, (start, end) =>
        {
            for (var sample = start; sample < end; sample++)
            {
                var random = new SeededRandom(seed).Stream((ulong)sample);
                var sum = 0.0;
                for (var i = 0; i < _values.Length; i++)
                {
                    sum += _values[random.NextInt(_values.Length)];
                }

                means[sample] = sum / _values.Length;
            }
        });
        Array.Sort(means);
        return (means[(int)(0.025 * Resamples)], means[(int)(0.975 * Resamples) - 1]);
    }

    /// <summary>This metric less that of another model on the same queries, one difference a query: its interval says whether the models differ.</summary>
    /// <exception cref="ArgumentException">The other one is of other queries, or another metric.</exception>
    public MetricSample Minus(MetricSample other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other._values.Length == _values.Length && string.Equals(other.Name, Name, StringComparison.Ordinal)
            ? new MetricSample(Name, [.. _values.Zip(other._values, (own, its) => own - its)])
            : throw new ArgumentException($"{Name} of {_values.Length} queries cannot be compared with {other.Name} of {other._values.Length}.", nameof(other));
    }

    /// <summary>The same metric of some of the queries: new ones, say, or those whose relevant items few had.</summary>
    /// <param name="query">Tells of a query's position whether it counts.</param>
    /// <exception cref="ArgumentException">No query counts.</exception>
    public MetricSample Where(Func<int, bool> query)
    {
        ArgumentNullException.ThrowIfNull(query);
        return new MetricSample(Name, [.. _values.Where((_, i) => query(i))]);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Name} {Mean:0.0000}");
}
