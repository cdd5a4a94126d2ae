using System.Collections;
using Microsoft.ML.OnnxRuntime;

namespace DotRec.Serving;

/// <summary>The values of one feature for the rows of one model call. Reused from call to call.</summary>
internal abstract class FeatureBuffer(QueryFeature feature) : IDisposable
{
    public QueryFeature Feature => feature;

    /// <summary>Rows added so far.</summary>
    public abstract int RowCount { get; }

    public static FeatureBuffer Create(QueryFeature feature) => feature.Type switch
    {
        QueryFeatureType.String => new FeatureBuffer<string>(feature),
        QueryFeatureType.Int64 => new FeatureBuffer<long>(feature),
        QueryFeatureType.Float64 => new FeatureBuffer<double>(feature),
        _ => new FeatureBuffer<float>(feature),
    };

    public abstract void Clear();

    /// <summary>Adds one row: a value, or for a list feature any sequence of values.</summary>
    /// <exception cref="InvalidQueryException">The value is missing or has another type.</exception>
    public abstract void AddObject(object? value);

    /// <summary>Name and value of a row, for messages.</summary>
    public abstract string Describe(int row);

    /// <summary>Adds one row for each of <paramref name="count"/> elements of a column, from <paramref name="start"/> on.</summary>
    public void AddColumn(Array values, int start, int count)
    {
        switch (this)
        {
            case FeatureBuffer<string> texts when !Feature.IsList && values is string[] column:
                texts.AddRange(column.AsSpan(start, count));
                return;
            case FeatureBuffer<long> integers when !Feature.IsList && values is long[] column:
                integers.AddRange(column.AsSpan(start, count));
                return;
            case FeatureBuffer<float> numbers when !Feature.IsList && values is float[] column:
                numbers.AddRange(column.AsSpan(start, count));
                return;
            case FeatureBuffer<double> numbers when !Feature.IsList && values is double[] column:
                numbers.AddRange(column.AsSpan(start, count));
                return;
        }

        for (var row = start; row < start + count; row++)
        {
            AddObject(values.GetValue(row));
        }
    }

    /// <summary>Has the next run read the rows: [rows], or for a list feature [rows, longest] padded on the right and the lengths [rows].</summary>
    public abstract void Bind(OrtIoBinding binding);

    public abstract void Dispose();

    private protected InvalidQueryException Missing() => new(
        $"Feature '{Feature.Name}' is null. {(Feature.IsList ? "Pass an empty list where there are no values." : "Pass a value; one the model has not seen is served as unknown.")}");

    private protected InvalidQueryException WrongType(object value)
    {
        var hint = (Feature.Type, value) switch
        {
            (QueryFeatureType.String, IFormattable) => $" Pass it as text: \"{FormattableString.Invariant($"{value}")}\".",
            (QueryFeatureType.Int64 or QueryFeatureType.Float32 or QueryFeatureType.Float64, string) => " Pass it as a number.",
            (_, IEnumerable) when !Feature.IsList => " The feature holds one value, not a list.",
            _ => "",
        };
        return new InvalidQueryException($"Feature '{Feature.Name}' received {Describe(value)}; {(Feature.IsList ? "a list of " : "")}{Feature.Type} was expected.{hint}");
    }

    private static string Describe(object value) => value switch
    {
        string text => $"the String \"{(text.Length > 40 ? text[..40] + "…" : text)}\"",
        IFormattable number => FormattableString.Invariant($"the {number.GetType().Name} {number}"),
        _ => $"a {value.GetType().Name}",
    };
}
