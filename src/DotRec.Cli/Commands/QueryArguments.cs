using System.Globalization;
using DotRec.Data;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary>Query features given on the command line as name=value, typed as the model reads them.</summary>
internal static class QueryArguments
{
    public static Dictionary<string, object> Parse(IEnumerable<string> arguments, IReadOnlyList<ColumnSchema> features)
    {
        var query = new Dictionary<string, object>(StringComparer.Ordinal);
        string[] names = [.. features.Select(feature => feature.Name)];
        foreach (var argument in arguments)
        {
            var equals = argument.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                throw new UserException($"'{argument}' is not of the form name=value. The query features are: {string.Join(", ", features)}.");
            }

            var (name, text) = (argument[..equals], argument[(equals + 1)..]);
            var position = ColumnNames.Find(names, name);
            var feature = position >= 0 ? features[position] : throw new UserException($"The model reads no feature '{name}'. Its query features are: {string.Join(", ", features)}.");
            if (!query.TryAdd(feature.Name, feature.IsJagged ? List(feature, text) : Value(feature, text)))
            {
                throw new UserException($"Feature '{name}' is given twice.{(feature.IsJagged ? $" Write a list as {name}=a|b|c." : "")}");
            }
        }

        return query;
    }

    private static object List(ColumnSchema feature, string text)
    {
        var parts = ListField.Parts(text);
        return feature.Type switch
        {
            ColumnType.String => parts,
            ColumnType.Int64 => Array.ConvertAll(parts, part => (long)Value(feature, part)),
            _ => Array.ConvertAll(parts, part => (double)Value(feature, part)),
        };
    }

    private static object Value(ColumnSchema feature, string text) => feature.Type switch
    {
        ColumnType.String => text,
        ColumnType.Int64 => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
            ? integer
            : throw new UserException($"Feature '{feature.Name}' is '{text}'; it must be a 64-bit integer."),
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new UserException($"Feature '{feature.Name}' is '{text}'; it must be a number."),
    };
}
