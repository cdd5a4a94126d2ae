using System.Collections;
using System.Globalization;

namespace DotRec.Modeling;

/// <summary>A metric of lists of several lengths k, by k: <c>metrics.HitRate[10]</c>.</summary>
public sealed class MetricByK : IEnumerable<KeyValuePair<int, double>>
{
    private readonly string _name;
    private readonly SortedList<int, double> _values = [];

    internal MetricByK(string name, IEnumerable<KeyValuePair<int, double>> values)
    {
        _name = name;
        foreach (var (k, value) in values)
        {
            _values.Add(k, value);
        }
    }

    /// <summary>The k it was measured at, shortest list first.</summary>
    public IReadOnlyList<int> Keys => [.. _values.Keys];

    /// <summary>The values, in the order of <see cref="Keys"/>.</summary>
    public IReadOnlyList<double> Values => [.. _values.Values];

    /// <summary>The value at <paramref name="k"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It was not measured at this k; the message says at which it was.</exception>
    public double this[int k] => _values.TryGetValue(k, out var value)
        ? value
        : throw new ArgumentOutOfRangeException(
            nameof(k), k, $"The {_name} was not measured at this length, but at {string.Join(", ", _values.Keys)}. Name it where the metric is made.");

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<int, double>> GetEnumerator() => _values.GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(", ", _values.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{_name}@{pair.Key} {pair.Value:F4}")));

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
