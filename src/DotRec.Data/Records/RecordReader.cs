using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.InteropServices;

namespace DotRec.Data;

/// <summary>Compiles, for one type of records, a delegate that adds the properties of a record to buffers, a column each, without boxing.</summary>
internal static class RecordReader
{
    /// <param name="type">The type of the records; <typeparamref name="TRecord"/>, or one below it.</param>
    /// <param name="properties">The property for each column; null for a column whose values are missing.</param>
    /// <param name="columns">The columns, in the order of the buffers.</param>
    /// <exception cref="InvalidValueException">A property never fits its column, text for a number perhaps. The delegate throws it where a value does not fit.</exception>
    public static Action<TRecord, ColumnBuffer[]> Compile<TRecord>(Type type, IReadOnlyList<PropertyInfo?> properties, IReadOnlyList<ColumnSchema> columns)
    {
        var record = Expression.Parameter(typeof(TRecord), "record");
        var buffers = Expression.Parameter(typeof(ColumnBuffer[]), "buffers");
        var typed = Expression.Variable(type, "typed");
        List<Expression> steps = [Expression.Assign(typed, type == typeof(TRecord) ? record : Expression.Convert(record, type))];
        for (var i = 0; i < columns.Count; i++)
        {
            var buffer = Expression.ArrayIndex(buffers, Expression.Constant(i));
            steps.Add(properties[i] is { } property
                ? Add(columns[i], Expression.Property(typed, property), buffer)
                : Expression.Call(buffer, nameof(ColumnBuffer.AddMissingRows), null, Expression.Constant(1)));
        }

        return Expression.Lambda<Action<TRecord, ColumnBuffer[]>>(Expression.Block([typed], steps), record, buffers).Compile();
    }

    private static Expression Add(ColumnSchema column, Expression value, Expression buffer)
    {
        var element = Element(column.Type);
        var typed = Expression.Convert(buffer, typeof(ColumnBuffer<>).MakeGenericType(element));
        if (!column.IsJagged && RecordValue.TypeOf(RecordProperties.Plain(value.Type)) is not null)
        {
            return AddScalar(column, value, typed, element);
        }

        if (column.IsJagged && RecordProperties.ElementType(value.Type) is { } from && RecordValue.TypeOf(RecordProperties.Plain(from)) is not null)
        {
            var sequence = Expression.Convert(value, typeof(IEnumerable<>).MakeGenericType(from));
            if (from == element)
            {
                return Expression.Call(typeof(RecordReader), nameof(AddSame), [element], typed, sequence);
            }

            var item = Expression.Parameter(from, "item");
            var target = Expression.Parameter(typed.Type, "target");
            var add = Expression.Lambda(AddScalar(column, item, target, element), item, target).Compile();
            return Expression.Call(typeof(RecordReader), nameof(AddConverted), [from, element], typed, sequence, Expression.Constant(add));
        }

        // A property of type object, or of one that fits no column: what it holds decides.
        return Expression.Call(buffer, nameof(ColumnBuffer.AddObject), null, Expression.Convert(value, typeof(object)));
    }

    private static Expression AddScalar(ColumnSchema column, Expression value, Expression buffer, Type element)
    {
        if (Nullable.GetUnderlyingType(value.Type) is not null)
        {
            var present = AddScalar(column, Expression.Property(value, nameof(Nullable<>.Value)), buffer, element);
            return Expression.IfThenElse(Expression.Property(value, nameof(Nullable<>.HasValue)), present, Absent(column, buffer));
        }

        var add = Expression.Call(buffer, nameof(ColumnBuffer<>.Add), null, Fit(column, Natural(value, element), element));
        return value.Type == typeof(string)
            ? Expression.IfThenElse(Expression.ReferenceEqual(value, Expression.Constant(null)), Absent(column, buffer), add)
            : add;
    }

    // A list leaves out what is missing; a column of one value a row marks it.
    private static Expression Absent(ColumnSchema column, Expression buffer) =>
        column.IsJagged ? Expression.Empty() : Expression.Call(buffer, nameof(ColumnBuffer<>.AddMissing), null);

    /// <summary>The value as a string, long, float or double, by the rules of <see cref="RecordValue"/>.</summary>
    private static Expression Natural(Expression value, Type wanted) => Type.GetTypeCode(value.Type) switch
    {
        _ when value.Type.IsEnum => Expression.Call(value, nameof(ToString), Type.EmptyTypes),
        TypeCode.String or TypeCode.Int64 or TypeCode.Single or TypeCode.Double => value,
        TypeCode.Char => Expression.Call(value, nameof(ToString), Type.EmptyTypes),
        TypeCode.SByte or TypeCode.Byte or TypeCode.Int16 or TypeCode.UInt16 or TypeCode.Int32 or TypeCode.UInt32 => Expression.Convert(value, typeof(long)),
        TypeCode.UInt64 => Call(nameof(RecordValue.Signed), value),
        TypeCode.Boolean => Expression.Condition(value, Expression.Constant(1L), Expression.Constant(0L)),
        TypeCode.Decimal when wanted == typeof(long) => Expression.Convert(value, typeof(decimal)), // as it is: a double would round it
        TypeCode.Decimal => Expression.Convert(value, typeof(double)),
        TypeCode.DateTime => Seconds(value, wanted),
        _ when value.Type == typeof(DateTimeOffset) => Seconds(value, wanted),
        _ when value.Type == typeof(DateOnly) => Call(nameof(RecordValue.UnixSeconds), value),
        _ when value.Type == typeof(Guid) => Call(nameof(RecordValue.Text), value),
        _ when value.Type == typeof(Half) => Expression.Convert(value, typeof(float)),
        _ when value.Type == typeof(TimeSpan) => Expression.Property(value, nameof(TimeSpan.TotalSeconds)),
        _ => Expression.Property(Expression.Call(value, nameof(TimeOnly.ToTimeSpan), null), nameof(TimeSpan.TotalSeconds)),
    };

    private static Expression Fit(ColumnSchema column, Expression value, Type element)
    {
        if (value.Type == element)
        {
            return value;
        }

        if (value.Type == typeof(string) || element == typeof(string))
        {
            throw new InvalidValueException(
                $"'{column.Name}' is {(value.Type == typeof(string) ? "text" : "a number")}; {column.Type} was expected. "
                + $"Give the property the type {(element == typeof(string) ? "string" : element == typeof(long) ? "long" : "double")}.");
        }

        return element == typeof(long)
            ? Expression.Call(typeof(RecordReader), nameof(Whole), null, Expression.Convert(value, typeof(object)), Expression.Constant(column))
            : Expression.Convert(value, element);
    }

    private static long Whole(object value, ColumnSchema column) => RecordValue.TryConvert(value, out long whole) ? whole : throw new InvalidValueException(
        FormattableString.Invariant($"'{column.Name}' received the {value.GetType().Name} {value}; {column.Type} was expected."));

    private static MethodCallExpression Seconds(Expression time, Type wanted)
    {
        var seconds = Call(nameof(RecordValue.UnixSeconds), time);
        return wanted == typeof(long) ? Expression.Call(typeof(Math), nameof(Math.Floor), null, seconds) : seconds;
    }

    private static MethodCallExpression Call(string method, Expression value) => Expression.Call(typeof(RecordValue).GetMethod(method, [value.Type])!, value);

    private static void AddSame<T>(ColumnBuffer<T> buffer, IEnumerable<T>? values)
        where T : notnull
    {
        if (typeof(T) != typeof(string) && values is T[] array)
        {
            buffer.AddRange(array);
        }
        else if (typeof(T) != typeof(string) && values is List<T> list)
        {
            buffer.AddRange(CollectionsMarshal.AsSpan(list));
        }
        else
        {
            foreach (var value in values ?? [])
            {
                if (value is not null)
                {
                    buffer.Add(value);
                }
            }
        }

        buffer.EndList();
    }

    private static void AddConverted<TFrom, T>(ColumnBuffer<T> buffer, IEnumerable<TFrom>? values, Action<TFrom, ColumnBuffer<T>> add)
        where T : notnull
    {
        foreach (var value in values ?? [])
        {
            add(value, buffer);
        }

        buffer.EndList();
    }

    private static Type Element(ColumnType type) => type switch
    {
        ColumnType.String => typeof(string),
        ColumnType.Int64 => typeof(long),
        ColumnType.Float64 => typeof(double),
        _ => typeof(float),
    };
}
