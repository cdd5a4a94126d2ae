using System.Linq.Expressions;
using System.Reflection;

namespace DotRec.Data;

/// <summary>Reads the public properties of a type into columns. The accessors of a type are compiled once.</summary>
internal static class RecordColumns<T>
{
    // Metadata tokens follow the order of declaration; reflection does not promise it.
    private static readonly PropertyInfo[] Properties =
        [.. typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0)
            .OrderBy(property => property.MetadataToken)];

    private static readonly Lazy<RecordColumn<T>.Factory[]> Factories = new(() => Array.ConvertAll(Properties, Compile));

    public static Column[] Read(IEnumerable<T> rows)
    {
        if (Properties.Length == 0 || typeof(T).IsPrimitive || typeof(T) == typeof(string))
        {
            throw new ArgumentException(
                $"{typeof(T).Name} has no properties to make columns of. Give records, classes or anonymous objects, or make a Column<T> of the values.",
                nameof(rows));
        }

        var columns = Array.ConvertAll(Factories.Value, make => make());
        var row = 0;
        foreach (var record in rows)
        {
            if (record is null)
            {
                throw new ArgumentException($"Row {row} is null.", nameof(rows));
            }

            foreach (var column in columns)
            {
                column.Append(record, row);
            }

            row++;
        }

        return Array.ConvertAll(columns, column => column.Build());
    }

    private static RecordColumn<T>.Factory Compile(PropertyInfo property)
    {
        var record = Expression.Parameter(typeof(T), "record");
        var value = Expression.Property(record, property);
        if (RecordValue.Convert(value) is { } scalar)
        {
            return RecordColumn<T>.Scalar(property.Name, scalar.Type, Expression.Lambda(scalar, record).Compile());
        }

        var elementType = ElementType(property.PropertyType);
        var element = elementType is null ? null : Expression.Parameter(elementType, "element");
        return element is not null && RecordValue.Convert(element) is { } converted
            ? RecordColumn<T>.Jagged(
                property.Name,
                converted.Type,
                elementType!,
                Expression.Lambda(Expression.Convert(value, typeof(IEnumerable<>).MakeGenericType(elementType!)), record).Compile(),
                Expression.Lambda(converted, element).Compile())
            : throw new ArgumentException(
                $"Property '{property.Name}' of {typeof(T).Name} has type {property.PropertyType.Name}, which no column holds. Columns hold strings, enums, " +
                "integers, bools, dates, floats, doubles and decimals, and arrays and lists of these. Project the rows with Select first.");
    }

    private static Type? ElementType(Type type) => type.GetInterfaces().Append(type)
        .FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];
}
