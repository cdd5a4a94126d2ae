using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using DotRec.Data;
using DotRec.Kernels;
using DotRec.Onnx;

namespace DotRec.Features;

/// <summary>Different values and their rows: value i has row i + 1, row 0 is for all others. Immutable.</summary>
internal sealed class Vocabulary<T>
    where T : notnull
{
    /// <summary>Values a part of a parallel lookup handles: about 0.3 ms of work, so that a training batch stays on its thread.</summary>
    private const int PartLength = 16384;

    private readonly T[] _values;
    private readonly Dictionary<T, int> _rows;

    /// <exception cref="ArgumentException">There is no value, or one repeats.</exception>
    public Vocabulary(T[] values)
    {
        if (values.Length == 0)
        {
            throw new ArgumentException("The vocabulary is empty; at least one value is needed.", nameof(values));
        }

        _values = Array.ConvertAll(values, value => Canonical(value));
        _rows = new Dictionary<T, int>(values.Length, Comparer);
        for (var i = 0; i < values.Length; i++)
        {
            if (!_rows.TryAdd(_values[i], i + 1))
            {
                throw new ArgumentException(
                    $"The vocabulary holds '{_values[i]}' twice, at positions {_rows[_values[i]] - 1} and {i}. Remove one.", nameof(values));
            }
        }
    }

    public IReadOnlyList<T> Values => _values;

    /// <summary>Rows, the out-of-vocabulary row included.</summary>
    public int Cardinality => _values.Length + 1;

    private static IEqualityComparer<T>? Comparer => typeof(T) == typeof(string) ? (IEqualityComparer<T>)StringComparer.Ordinal : null;

    /// <summary>A vocabulary that the caller of a layer gave.</summary>
    /// <exception cref="ArgumentException">There is no value, or one repeats.</exception>
    public static Vocabulary<T> Given(T[] vocabulary, InputColumn input)
    {
        try
        {
            return new Vocabulary<T>(vocabulary);
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException($"{input.Label}: {exception.Message}", nameof(vocabulary), exception);
        }
    }

    /// <summary>The values of most occurrences, by falling number of occurrences, then in ordinal (numeric) order.</summary>
    /// <returns>The vocabulary, and how many of the occurrences it leaves out.</returns>
    /// <exception cref="ArgumentException">Nothing is left.</exception>
    public static (Vocabulary<T> Vocabulary, OovStatistics Statistics) MostFrequent(Dictionary<T, long> counts, VocabularyLimits limits, InputColumn input)
    {
        var kept = counts.Where(entry => entry.Value >= limits.MinimumCount).ToList();
        if (kept.Count == 0)
        {
            throw new ArgumentException(
                counts.Count == 0
                    ? $"{input.Label} cannot adapt: column '{input.Name}' holds no value."
                    : $"{input.Label} cannot adapt: none of the {counts.Count} different values occurs {limits.MinimumCount} times. Lower minimumCount.",
                nameof(counts));
        }

        var order = typeof(T) == typeof(string) ? (IComparer<T>)StringComparer.Ordinal : Comparer<T>.Default;
        kept.Sort((x, y) => x.Value != y.Value ? y.Value.CompareTo(x.Value) : order.Compare(x.Key, y.Key));
        var length = Math.Min(kept.Count, (limits.MaxTokens ?? int.MaxValue) - 1);
        var values = new T[length];
        var covered = 0L;
        for (var i = 0; i < length; i++)
        {
            values[i] = kept[i].Key;
            covered += kept[i].Value;
        }

        var total = counts.Values.Sum();
        return (new Vocabulary<T>(values), new OovStatistics(total, total - covered));
    }

    public static void Count(ReadOnlySpan<T> values, Dictionary<T, long> counts)
    {
        foreach (var value in values)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, Canonical(value), out _)++;
        }
    }

    public static Dictionary<T, long> NewCounts() => new(Comparer);

    /// <summary>The row of a value, 0 when the vocabulary lacks it.</summary>
    public int Find(T? value)
    {
        if (value is null)
        {
            value = Canonical(value);
        }

        if (_rows.TryGetValue(value, out var row))
        {
            return row;
        }

        // The vocabulary holds well-formed text only, so only a miss needs a look at the surrogates.
        return typeof(T) == typeof(string) && Canonical(value) is var canonical && !ReferenceEquals(canonical, value)
            ? _rows.GetValueOrDefault(canonical)
            : 0;
    }

    /// <summary>A lookup of spans of characters without making strings of them.</summary>
    public Dictionary<T, int>.AlternateLookup<ReadOnlySpan<char>> BySpan() => _rows.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The rows of all values of a column, and how many the vocabulary lacks.</summary>
    public (int[] Rows, OovStatistics Statistics) Find(Column<T> column)
    {
        var rows = GC.AllocateUninitializedArray<int>(column.Values.Length);
        long unknown = 0;
        Parallelism.ForRanges(rows.Length, PartLength, (start, end) =>
        {
            var values = column.Values;
            var unknownHere = 0;
            for (var i = start; i < end; i++)
            {
                var row = Find(values[i]);
                rows[i] = row;
                unknownHere += row == 0 ? 1 : 0;
            }

            Interlocked.Add(ref unknown, unknownHere);
        });
        return (rows, new OovStatistics(rows.Length, unknown));
    }

    /// <summary>The rows of the strings or integers of a graph's value, of any shape.</summary>
    public string Emit(OnnxGraph graph, string values) =>
        _values is string[] texts ? graph.Lookup(values, texts) : graph.Lookup(values, (long[])(object)_values);

    [return: NotNull]
    private static T Canonical(T? value) => typeof(T) == typeof(string) ? (T)(object)Utf8Text.WellFormed((string?)(object?)value) : value!;
}
