using DotRec.Data;

namespace DotRec.Pipelines;

/// <summary>
/// Finds the columns that options name, once, at the beginning: after that every name is the table's own and is compared as it is. A name is found exactly, or
/// else without regard to case, underscores, hyphens and blanks.
/// </summary>
/// <param name="tables">The tables in which a column may be; the first that has one decides.</param>
internal sealed class ColumnLookup(params IReadOnlyList<FeatureBatch> tables)
{
    private readonly string[][] _names = [.. tables.Select(table => table.Columns.Select(column => column.Name).ToArray())];

    /// <summary>The column's own name; what no table has stays as it is, for others to miss.</summary>
    /// <param name="name">What the options call it.</param>
    /// <param name="option">The option.</param>
    /// <exception cref="ArgumentException">No column has exactly the name and several are alike; both are named.</exception>
    public string Of(string name, string option)
    {
        if (Array.Exists(_names, names => names.Contains(name, StringComparer.Ordinal)))
        {
            return name;
        }

        try
        {
            return _names.Select(names => ColumnNames.Find(names, name) is >= 0 and var position ? names[position] : null).FirstOrDefault(found => found is not null) ?? name;
        }
        catch (ArgumentException several)
        {
            throw InvalidOption.Named(option, several.Message, several);
        }
    }

    /// <inheritdoc cref="Of(string, string)"/>
    public string[] Of(IReadOnlyList<string> names, string option) => [.. names.Select(name => Of(name, option))];

    /// <summary>What columns are said to be, by their own names.</summary>
    /// <exception cref="ArgumentException">Two names mean one column, or several columns are alike.</exception>
    public Dictionary<string, FeatureKind> Of(IReadOnlyDictionary<string, FeatureKind> kinds, string option)
    {
        var found = new Dictionary<string, FeatureKind>(StringComparer.Ordinal);
        foreach (var (name, kind) in kinds)
        {
            if (!found.TryAdd(Of(name, option), kind))
            {
                throw InvalidOption.Named(option, $"'{name}' is column '{Of(name, option)}', of which it is said already what it is. Name it once.");
            }
        }

        return found;
    }

    /// <summary>The table with its columns called as others call them: a table of test rows or a catalogue may write <c>user_id</c> where the rows write <c>User_ID</c>.</summary>
    /// <exception cref="ArgumentException">No column has exactly a name and several are alike.</exception>
    public static FeatureBatch Named(FeatureBatch table, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            table = table.TryGet(name, out var column) && column.Name != name ? table.Rename(column.Name, name) : table;
        }

        return table;
    }
}
