using System.Globalization;
using DotRec.Serving;

namespace DotRec.Cli;

/// <summary>Query features given on the command line as name=value, typed as the model reads them.</summary>
internal static class QueryArguments
{
    public static Dictionary<string, object> Parse(IEnumerable<string> arguments, IReadOnlyList<QueryFeature> features)
    {
        var query = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (var argument in arguments)
        {
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new UserException($"'{argument}' is not of the form name=value. The query features are: {string.Join(", ", features)}.");
            }

            var (name, text) = (argument[..equals], argument[(equals + 1)..]);
            var feature = features.FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.Ordinal))
                ?? throw new UserException($"The model reads no feature '{name}'. Its query features are: {string.Join(", ", features)}.");
            if (!query.TryAdd(name, feature.IsList ? List(feature, text) : Value(feature, text)))
            {
                throw new UserException($"Feature '{name}' is given twice.{(feature.IsList ? $" Write a list as {name}=a|b|c." : "")}");
            }
        }

        return query;
    }

    private static object List(QueryFeature feature, string text)
    {
        var parts = ListField.Parts(text);
        return feature.Type switch
        {
            QueryFeatureType.String => parts,
            QueryFeatureType.Int64 => Array.ConvertAll(parts, part => (long)Value(feature, part)),
            QueryFeatureType.Float64 => Array.ConvertAll(parts, part => (double)Value(feature, part)),
            _ => Array.ConvertAll(parts, part => (float)Value(feature, part)),
        };
    }

    private static object Value(QueryFeature feature, string text) => feature.Type switch
    {
        QueryFeatureType.String => text,
        QueryFeatureType.Int64 => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
            ? integer
            : throw new UserException($"Feature '{feature.Name}' is '{text}'; it must be a 64-bit integer."),
        QueryFeatureType.Float64 => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var wide)
            ? wide
            : throw new UserException($"Feature '{feature.Name}' is '{text}'; it must be a number."),
        _ => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new UserException($"Feature '{feature.Name}' is '{text}'; it must be a number."),
    };
}
