using System.Linq.Expressions;
using System.Reflection;

namespace DotRec.Serving;

/// <summary>Compiles, for one type of query objects, a delegate that copies its properties to the feature buffers without boxing.</summary>
internal static class PropertyReader
{
    public static Action<object, FeatureBuffer[]> Compile(Type type, IReadOnlyList<QueryFeature> features, Action<IEnumerable<string>, int> checkNames)
    {
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
            .ToDictionary(property => property.Name, StringComparer.Ordinal);
        checkNames(properties.Keys, properties.Count);

        var query = Expression.Parameter(typeof(object), "query");
        var buffers = Expression.Parameter(typeof(FeatureBuffer[]), "buffers");
        var typed = Expression.Variable(type, "typed");
        var copies = features.Select((feature, i) => Copy(
            feature, Expression.Property(typed, properties[feature.Name]), Expression.ArrayIndex(buffers, Expression.Constant(i))));
        var body = Expression.Block([typed], [Expression.Assign(typed, Expression.Convert(query, type)), .. copies]);
        return Expression.Lambda<Action<object, FeatureBuffer[]>>(body, query, buffers).Compile();
    }

    private static MethodCallExpression Copy(QueryFeature feature, MemberExpression value, Expression buffer)
    {
        var element = feature.Type switch
        {
            QueryFeatureType.String => typeof(string),
            QueryFeatureType.Int64 => typeof(long),
            QueryFeatureType.Float64 => typeof(double),
            _ => typeof(float),
        };
        if (!feature.IsList && Widens(value.Type, element))
        {
            var exact = typeof(FeatureBuffer<>).MakeGenericType(element);
            return Expression.Call(Expression.Convert(buffer, exact), nameof(FeatureBuffer<>.Add), null, Expression.Convert(value, element));
        }

        return Expression.Call(buffer, nameof(FeatureBuffer.AddObject), null, Expression.Convert(value, typeof(object)));
    }

    private static bool Widens(Type from, Type to) =>
        from == to
        || (to == typeof(long) && (from == typeof(int) || from == typeof(short) || from == typeof(byte) || from == typeof(uint)))
        || (to == typeof(double) && (from == typeof(float) || from == typeof(int) || from == typeof(long)))
        || (to == typeof(float) && (from == typeof(double) || from == typeof(int) || from == typeof(long)));
}
