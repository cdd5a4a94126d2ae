using DotRec.Data;

namespace DotRec.Modeling;

/// <summary>
/// What is known of the items of a catalogue beside their ids, such as brand, category or genres: each value has an embedding, which is added to those of the
/// items that have it. Immutable.
/// </summary>
/// <remarks>
/// Items with the same values are near each other before anybody chose them, so that rare and new ones are recommended by what is known of them. Source of the
/// form: Hidasi et al., 2016, "Parallel Recurrent Neural Network Architectures for Feature-rich Session-based Recommendations"; sums as in Kula, 2015, "LightFM".
/// </remarks>
public sealed class ItemFeatures
{
    private ItemFeatures(int itemCount, IReadOnlyList<ItemFeature> columns) => (ItemCount, Columns) = (itemCount, columns);

    /// <summary>Number of items, N.</summary>
    public int ItemCount { get; }

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Names => [.. Columns.Select(column => column.Name)];

    internal IReadOnlyList<ItemFeature> Columns { get; }

    /// <summary>Features of a catalogue.</summary>
    /// <param name="items">The catalogue, one row an item, in the order of the histories' catalogue.</param>
    /// <param name="columns">Columns of texts or integers, one value or a list an item. The empty text is no value.</param>
    /// <exception cref="ArgumentException">A column is missing, given twice or holds fractions, or none is given.</exception>
    public static ItemFeatures Of(FeatureBatch items, params ReadOnlySpan<string> columns)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (columns.IsEmpty)
        {
            throw new ArgumentException("No column was given. Name the columns whose values items share, such as \"genres\".", nameof(columns));
        }

        var features = new List<ItemFeature>();
        foreach (var name in columns)
        {
            if (features.Any(feature => feature.Name == name))
            {
                throw new ArgumentException($"Column '{name}' was given twice. Name it once.", nameof(columns));
            }

            features.Add(items[name] switch
            {
                Column<string> texts => ItemFeature.Of(texts, string.IsNullOrEmpty, StringComparer.Ordinal),
                Column<long> integers => ItemFeature.Of(integers, _ => false, EqualityComparer<long>.Default),
                var column => throw new ArgumentException(
                    $"Column '{column.Schema}' holds fractions, of which hardly two items have the same. Give texts or integers; cut numbers into ranges first.", nameof(columns)),
            });
        }

        return new ItemFeatures(items.RowCount, features);
    }

    /// <summary>Writes what <see cref="Read"/> reads.</summary>
    internal void Write(StateFile file)
    {
        var names = new System.Text.Json.Nodes.JsonArray();
        foreach (var column in Columns)
        {
            names.Add(column.Name);
            column.Write(file);
        }

        file.Document["features"] = names;
    }

    /// <summary>The features of a file; null where it has none.</summary>
    /// <exception cref="FormatException">They are not those of so many items.</exception>
    internal static ItemFeatures? Read(StateFile file, int itemCount) => file.Document["features"] is { } names
        ? new ItemFeatures(itemCount, [.. names.AsArray().Select(name => ItemFeature.Read(file, name!.GetValue<string>(), itemCount))])
        : null;
}
