using System.CommandLine;

namespace DotRec.Cli;

/// <summary>Options that name the columns the towers read, and say what some of them are.</summary>
internal sealed class FeatureOptions
{
    private readonly Option<string> _query = new("--query") { Description = "Column that tells who chose, for example user_id.", HelpName = "column", Required = true };
    private readonly Option<string> _item = new("--item") { Description = "Column that tells what was chosen, for example movie_id.", HelpName = "column", Required = true };
    private readonly Option<string[]> _queryFeatures = Columns("--query-features", "More columns of --data for the query tower.");
    private readonly Option<string[]> _itemFeatures = Columns("--item-features", "More columns for the item tower, from --items or else from --data.");
    private readonly Option<string[]> _text = Columns("--text", "Those of the features that are text, to be split into words.");
    private readonly Option<string[]> _lists = Columns("--lists", "Those of the features that are lists in one field, written a|b|c.");
    private readonly Option<string[]> _numbers = Columns("--numbers", "Those of the features that are whole numbers to calculate with, not to look up, such as an age.");

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_query, _item, _queryFeatures, _itemFeatures, _text, _lists, _numbers])
        {
            command.Add(option);
        }
    }

    /// <exception cref="UserException">The options contradict each other.</exception>
    public TowerFeatures Read(ParseResult parsed)
    {
        string[] query = [parsed.GetRequiredValue(_query), .. parsed.GetValue(_queryFeatures) ?? []];
        string[] item = [parsed.GetRequiredValue(_item), .. parsed.GetValue(_itemFeatures) ?? []];
        var twice = query.Concat(item).GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new UserException($"Column '{twice.Key}' is named twice among --query, --query-features, --item and --item-features; each column has one place.");
        }

        var kinds = new Dictionary<string, FeatureKind>(StringComparer.Ordinal);
        foreach (var (option, kind) in new[] { (_text, FeatureKind.Text), (_lists, FeatureKind.List), (_numbers, FeatureKind.Number) })
        {
            foreach (var name in parsed.GetValue(option) ?? [])
            {
                if (!query.Skip(1).Concat(item.Skip(1)).Contains(name, StringComparer.Ordinal))
                {
                    throw new UserException($"{option.Name} names '{name}', which is not among --query-features or --item-features.");
                }

                if (!kinds.TryAdd(name, kind))
                {
                    throw new UserException($"Column '{name}' is named twice among --text, --lists and --numbers.");
                }
            }
        }

        return new TowerFeatures(query, item, kinds);
    }

    private static Option<string[]> Columns(string name, string description) => new(name)
    {
        Description = description + " Several may follow.",
        HelpName = "column",
        AllowMultipleArgumentsPerToken = true,
    };
}
