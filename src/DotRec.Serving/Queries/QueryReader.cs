using System.Collections;
using System.Collections.Concurrent;

namespace DotRec.Serving;

/// <summary>
/// Reads raw features out of what callers have: dictionaries by name, or any object by its public properties. Property accessors are
/// compiled once a type; names must match exactly, and every feature must be there, once, with nothing beside them.
/// </summary>
internal sealed class QueryReader(ModelSignature signature)
{
    private readonly ConcurrentDictionary<Type, Action<object, FeatureBuffer[]>> _byType = new();

    /// <summary>Adds one row to the buffers, which are in the order of the model's features.</summary>
    /// <exception cref="InvalidQueryException">A feature is missing, unknown, null or of another type.</exception>
    public void Add(object query, FeatureBuffer[] buffers)
    {
        ArgumentNullException.ThrowIfNull(query);
        switch (query)
        {
            case IReadOnlyDictionary<string, object> named:
                AddNamed(named.Count, named.Keys, named.TryGetValue, buffers);
                break;
            case IDictionary<string, object?> named:
                AddNamed(named.Count, named.Keys, named.TryGetValue, buffers);
                break;
            case IDictionary named:
                AddNamed(named.Count, named.Keys.Cast<object>().Select(key => key.ToString() ?? ""), (string name, out object? value) =>
                {
                    value = named[name];
                    return value is not null || named.Contains(name);
                }, buffers);
                break;
            case IConvertible or IEnumerable:
                throw new InvalidQueryException(
                    $"The {signature.Row} is a {query.GetType().Name}; an object with a property for each feature was expected, for example new {{ {Example()} }}.");
            default:
                var type = query.GetType();
                if (!_byType.TryGetValue(type, out var reader))
                {
                    reader = _byType.GetOrAdd(type, PropertyReader.Compile(type, signature.Features, CheckNames));
                }

                reader(query, buffers);
                break;
        }
    }

    /// <summary>Adds one of many rows; messages give its position.</summary>
    public void Add(object query, FeatureBuffer[] buffers, long position)
    {
        try
        {
            Add(query ?? throw new InvalidQueryException("it is null."), buffers);
        }
        catch (InvalidQueryException exception)
        {
            throw At(position, exception);
        }
    }

    /// <summary>Checks rows given as columns: an array a feature, all of one length.</summary>
    /// <returns>The number of rows.</returns>
    public int CheckColumns(IReadOnlyDictionary<string, Array> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        CheckNames(columns.Keys, columns.Count);
        var first = signature.Features[0].Name;
        foreach (var feature in signature.Features)
        {
            var column = columns[feature.Name] ?? throw new InvalidQueryException($"Column '{feature.Name}' is null.");
            if (column.Length != columns[first].Length)
            {
                throw new InvalidQueryException($"Column '{feature.Name}' has {column.Length} rows but column '{first}' has {columns[first].Length}.");
            }
        }

        return columns[first].Length;
    }

    /// <summary>Adds rows start … start + count − 1 of columns that <see cref="CheckColumns"/> has passed.</summary>
    public void AddColumns(IReadOnlyDictionary<string, Array> columns, int start, int count, FeatureBuffer[] buffers)
    {
        foreach (var buffer in buffers)
        {
            var before = buffer.RowCount;
            try
            {
                buffer.AddColumn(columns[buffer.Feature.Name], start, count);
            }
            catch (InvalidQueryException exception)
            {
                throw At(start + buffer.RowCount - before, exception);
            }
        }
    }

    private delegate bool TryGet(string name, out object? value);

    private void AddNamed(int count, IEnumerable<string> names, TryGet tryGet, FeatureBuffer[] buffers)
    {
        var found = 0;
        foreach (var buffer in buffers)
        {
            if (tryGet(buffer.Feature.Name, out var value))
            {
                buffer.AddObject(value);
                found++;
            }
        }

        if (found != buffers.Length || count != found)
        {
            CheckNames(names, count);
        }
    }

    /// <exception cref="InvalidQueryException">The names are not exactly those of the features.</exception>
    private void CheckNames(IEnumerable<string> names, int count)
    {
        var given = names.ToHashSet(StringComparer.Ordinal);
        var expected = signature.Features.Select(feature => feature.Name).ToArray();
        var missing = expected.FirstOrDefault(name => !given.Contains(name));
        var unknown = given.FirstOrDefault(name => !expected.Contains(name, StringComparer.Ordinal));
        if (missing is null && unknown is null)
        {
            return;
        }

        var all = string.Join(", ", signature.Features);
        if (missing is not null)
        {
            var similar = given.FirstOrDefault(name => Similar(name, missing));
            throw new InvalidQueryException(similar is null
                ? $"The {signature.Row} lacks the feature '{missing}': it has {(count == 0 ? "no features" : string.Join(", ", given))}. The {signature.Name} reads {all}."
                : $"The {signature.Row} has '{similar}' but the feature is named '{missing}'. Names must match exactly. The {signature.Name} reads {all}.");
        }

        throw new InvalidQueryException($"The {signature.Name} has no feature '{unknown}'. Leave it out. The {signature.Name} reads {all}.");
    }

    private InvalidQueryException At(long position, InvalidQueryException exception) =>
        new(FormattableString.Invariant($"{char.ToUpperInvariant(signature.Row[0])}{signature.Row[1..]} {position} (from 0): {exception.Message}"));

    private static bool Similar(string one, string other) => string.Equals(
        one.Replace("_", "", StringComparison.Ordinal), other.Replace("_", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);

    private string Example() => string.Join(", ", signature.Features.Select(feature => $"{feature.Name} = {(feature.IsList ? "new[] { … }" : "…")}"));
}
