using System.Reflection;

namespace DotRec.Data;

/// <summary>The public properties of a type of records, in the order of declaration, and which columns could hold them.</summary>
internal static class RecordProperties
{
    public static PropertyInfo[] Of(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
            .DistinctBy(property => property.Name, StringComparer.Ordinal) // a property that hides one of a base class comes first
            .OrderBy(Depth)
            .ThenBy(property => property.MetadataToken)]; // metadata tokens follow the order of declaration; reflection does not promise it

    /// <summary>The column that holds a property; null when no column can.</summary>
    public static ColumnSchema? SchemaOf(PropertyInfo property)
    {
        if (RecordValue.TypeOf(Plain(property.PropertyType)) is { } scalar)
        {
            return new ColumnSchema(property.Name, scalar);
        }

        return ElementType(property.PropertyType) is { } element && RecordValue.TypeOf(Plain(element)) is { } type
            ? new ColumnSchema(property.Name, type, IsJagged: true)
            : null;
    }

    /// <summary>The type of the elements of a sequence; null when the type is none, or is one of bytes, which are data of their own.</summary>
    public static Type? ElementType(Type type) => type == typeof(string) || type == typeof(byte[]) ? null : type.GetInterfaces().Append(type)
        .FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];

    /// <summary>The type below a nullable one, or the type itself.</summary>
    public static Type Plain(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    // Properties of base classes come first.
    private static int Depth(PropertyInfo property)
    {
        var depth = 0;
        for (var type = property.DeclaringType; type is not null; type = type.BaseType)
        {
            depth++;
        }

        return depth;
    }
}
