using System.Collections;
using System.Collections.Concurrent;
using DotRec.Data;

namespace DotRec.Serving;

/// <summary>
/// Reads raw features out of what callers have: dictionaries by name, objects by their public properties, columns. Names are matched exactly or
/// else without regard to case and underscores, values turn into features by the rules that training data are read by, and what is not a feature
/// is left alone. Property accessors are compiled once a type.
/// </summary>
internal sealed class QueryReader(ModelSignature signature, IReadOnlySet<string> lookedUp)
{
    /// <summary>Rows a model call of many: large enough to hide the call and to fill the index's batched search, small enough to stay in cache.</summary>
    public const int BlockRows = 1024;

    private readonly ConcurrentDictionary<Type, Delegate> _byType = new();
    private readonly ConcurrentDictionary<Type, Action<object, ColumnBuffer[]>> _byRuntimeType = new();

    /// <summary>Adds one row to the buffers, which are in the order of the model's features.</summary>
    /// <exception cref="InvalidQueryException">A feature is missing, null where the model needs an integer, or of another type.</exception>
    public void Add<TQuery>(TQuery query, ColumnBuffer[] buffers)
    {
        try
        {
            if (QueryKind<TQuery>.IsRecord)
            {
                Compiled<TQuery>()(query, buffers);
            }
            else
            {
                AddObject(query, buffers);
            }
        }
        catch (InvalidValueException exception)
        {
            throw new InvalidQueryException(exception.Message);
        }

        foreach (var buffer in buffers)
        {
            if (buffer.HasMissing && !lookedUp.Contains(buffer.Schema.Name))
            {
                throw new InvalidQueryException($"'{buffer.Schema.Name}' is null. Pass an integer; one the model has not seen is served as unknown.");
            }
        }
    }

    /// <summary>Adds one of many rows; messages give its position.</summary>
    public void Add<TQuery>(TQuery query, ColumnBuffer[] buffers, long position)
    {
        try
        {
            Add(query is null ? throw new InvalidQueryException("it is null.") : query, buffers);
        }
        catch (InvalidQueryException exception)
        {
            throw At(position, exception.Message);
        }
    }

    /// <summary>The columns of the features, found by name in a batch; null for one that rows may lack.</summary>
    /// <exception cref="InvalidQueryException">A feature is missing.</exception>
    public Column?[] Find(FeatureBatch columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        RequireOne([.. columns.Columns.Select(column => column.Name)], name => columns.TryGet(name, out _));
        return [.. signature.Features.Select(feature => columns.TryGet(feature.Name, out var column) ? column
            : IsOptional(feature.Name) ? null : throw Lacks(feature.Name, columns.Columns.Select(other => other.Name)))];
    }

    /// <summary>Adds rows start … start + count − 1 of columns that <see cref="Find"/> has found.</summary>
    public void AddColumns(Column?[] columns, int start, int count, ColumnBuffer[] buffers)
    {
        for (var i = 0; i < buffers.Length; i++)
        {
            var before = buffers[i].RowCount;
            try
            {
                if (columns[i] is { } column)
                {
                    buffers[i].AddRows(column, start, count);
                }
                else
                {
                    buffers[i].AddMissingRows(count);
                }
            }
            catch (InvalidValueException exception)
            {
                throw At(start + buffers[i].RowCount - before, exception.Message);
            }
        }
    }

    /// <summary>What adds many rows to calls, a block a call; messages give the place of a row among all.</summary>
    public IEnumerable<Action<QueryCall>> Blocks<TQuery>(IEnumerable<TQuery> rows) => rows.Chunk(BlockRows).Select((block, i) => (Action<QueryCall>)(call =>
    {
        for (var row = 0; row < block.Length; row++)
        {
            Add(block[row], call.Features, ((long)i * BlockRows) + row);
        }
    }));

    /// <summary>What adds the rows of columns to calls, a block a call.</summary>
    /// <exception cref="InvalidQueryException">A feature is missing.</exception>
    public IEnumerable<Action<QueryCall>> Blocks(FeatureBatch rows)
    {
        var columns = Find(rows);
        return Enumerable.Range(0, (rows.RowCount + BlockRows - 1) / BlockRows).Select(block => block * BlockRows).Select(
            start => (Action<QueryCall>)(call => AddColumns(columns, start, Math.Min(BlockRows, rows.RowCount - start), call.Features)));
    }

    /// <summary>Compiles the reading of a type now, so that what does not fit is known before the first query.</summary>
    /// <param name="strict">True: a property that is no feature is an error.</param>
    /// <exception cref="InvalidQueryException">A feature has no property, or one of another type.</exception>
    public void Check<TQuery>(bool strict)
    {
        if (!QueryKind<TQuery>.IsRecord)
        {
            return; // what a query is, is only known when it comes
        }

        try
        {
            _ = Compiled<TQuery>();
        }
        catch (InvalidValueException exception)
        {
            throw new InvalidQueryException(exception.Message);
        }

        string[] names = [.. RecordProperties.Of(typeof(TQuery)).Select(property => property.Name)];
        var used = signature.Features.Select(feature => ColumnNames.Find(names, feature.Name)).ToHashSet();
        var extra = Array.FindIndex(names, name => !used.Contains(Array.IndexOf(names, name)));
        if (strict && extra >= 0)
        {
            throw new InvalidQueryException($"The {signature.Name} has no feature '{names[extra]}'. Leave it out. The {signature.Name} reads {All}.");
        }
    }

    private void AddObject<TQuery>(TQuery query, ColumnBuffer[] buffers)
    {
        switch (query)
        {
            case null:
                throw new ArgumentNullException(nameof(query));
            case IReadOnlyDictionary<string, object> named:
                AddNamed(named!, buffers);
                break;
            case IDictionary<string, object?> named:
                AddNamed(named.ToDictionary(StringComparer.Ordinal), buffers);
                break;
            case IDictionary named:
                AddNamed(named.Keys.Cast<object>().ToDictionary(key => key.ToString() ?? "", key => named[key], StringComparer.Ordinal), buffers);
                break;
            case IConvertible:
                throw new InvalidQueryException(
                    $"The {signature.Row} is a {query.GetType().Name}; an object with a property for each feature was expected, for example new {{ {Example} }}.");
            case IEnumerable:
                throw new InvalidQueryException(
                    $"One {signature.Row} was expected, not a {query.GetType().Name}. For many use RecommendBatch or PredictBatch; for one, an object with a property for each feature, for example new {{ {Example} }}.");
            default:
                CompiledFor(query.GetType())(query, buffers);
                break;
        }
    }

    private void AddNamed(IReadOnlyDictionary<string, object?> values, ColumnBuffer[] buffers)
    {
        RequireOne(values.Keys, name => ColumnNames.TryFind(values, name, out _));
        foreach (var buffer in buffers)
        {
            try
            {
                buffer.AddObject(ColumnNames.TryFind(values, buffer.Schema.Name, out var value) ? value
                    : IsOptional(buffer.Schema.Name) ? null : throw Lacks(buffer.Schema.Name, values.Keys));
            }
            catch (ArgumentException exception) when (exception is not InvalidValueException and not InvalidQueryException)
            {
                throw new InvalidQueryException(exception.Message);
            }
        }
    }

    private Action<TQuery, ColumnBuffer[]> Compiled<TQuery>() =>
        (Action<TQuery, ColumnBuffer[]>)(_byType.TryGetValue(typeof(TQuery), out var known) ? known : _byType.GetOrAdd(typeof(TQuery), Compile<TQuery>(typeof(TQuery))));

    private Action<object, ColumnBuffer[]> CompiledFor(Type type) =>
        _byRuntimeType.TryGetValue(type, out var known) ? known : _byRuntimeType.GetOrAdd(type, Compile<object>(type));

    private Action<TRecord, ColumnBuffer[]> Compile<TRecord>(Type type)
    {
        var properties = RecordProperties.Of(type);
        string[] names = Array.ConvertAll(properties, property => property.Name);
        RequireOne(names, name => ColumnNames.Find(names, name) >= 0);
        try
        {
            return RecordReader.Compile<TRecord>(
                type, [.. signature.Features.Select(feature => ColumnNames.Find(names, feature.Name) is >= 0 and var position ? properties[position]
                    : IsOptional(feature.Name) ? null : throw Lacks(feature.Name, names))], signature.Features);
        }
        catch (ArgumentException exception) when (exception is not InvalidValueException and not InvalidQueryException)
        {
            throw new InvalidQueryException(exception.Message);
        }
    }

    private bool IsOptional(string feature) => signature.OptionalFeatures.Contains(feature);

    private void RequireOne(IEnumerable<string> given, Func<string, bool> has)
    {
        if (signature.OptionalFeatures.Count > 0 && !signature.OptionalFeatures.Any(has))
        {
            throw Lacks(string.Join("' or '", signature.Features.Select(feature => feature.Name).Where(IsOptional)), given);
        }
    }

    private InvalidQueryException Lacks(string feature, IEnumerable<string> given)
    {
        var names = string.Join(", ", given);
        return new($"The {signature.Row} lacks the feature '{feature}': it has {(names.Length == 0 ? "no features" : names)}. The {signature.Name} reads {All}.");
    }

    private InvalidQueryException At(long position, string message) =>
        new(FormattableString.Invariant($"{char.ToUpperInvariant(signature.Row[0])}{signature.Row[1..]} {position} (from 0): {message}"));

    private string All => string.Join(", ", signature.Features);

    private string Example => string.Join(", ", signature.Features.Select(feature => $"{feature.Name} = {(feature.IsJagged ? "new[] { … }" : "…")}"));

    /// <summary>Whether the static type of queries says what they are: it has no types below it and is neither a dictionary nor a sequence.</summary>
    private static class QueryKind<TQuery>
    {
        public static readonly bool IsRecord =
            (typeof(TQuery).IsValueType || typeof(TQuery).IsSealed) && !typeof(IEnumerable).IsAssignableFrom(typeof(TQuery)) && !typeof(IConvertible).IsAssignableFrom(typeof(TQuery));
    }
}
