using System.CommandLine;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary>Options that name the columns the towers read, and say what some of them are.</summary>
internal sealed class FeatureOptions
{
    private readonly Option<string?> _query = new("--query") { Description = "Column that tells who chose, for example user_id. Retrieval: required. Ranking: rows of equal values are one query, and how well each is ordered is measured too.", HelpName = "column" };
    private readonly Option<string?> _item = new("--item") { Description = "Retrieval, required: column that tells what was chosen, for example movie_id.", HelpName = "column" };
    private readonly Option<string[]> _queryFeatures = Columns("--query-features", "Retrieval: more columns of --data for the query tower.");
    private readonly Option<string[]> _itemFeatures = Columns("--item-features", "Retrieval: more columns for the item tower, from --items or else from --data.");
    private readonly Option<string[]> _text = Columns("--text", "Those of the features that are text, to be split into words.");
    private readonly Option<string[]> _lists = Columns("--lists", "Those of the features that are lists in one field, written a|b|c.");
    private readonly Option<string[]> _numbers = Columns("--numbers", "Those of the features that are whole numbers to calculate with, not to look up, such as an age. Ranking tells most of these itself.");

    public IReadOnlyList<Option> All => [_query, _item, _queryFeatures, _itemFeatures, _text, _lists, _numbers];

    /// <summary>Options that only a retrieval model has.</summary>
    public IReadOnlyList<Option> OfRetrieval => [_item, _queryFeatures, _itemFeatures];

    /// <summary>The column of queries, if one is named.</summary>
    public string? Query(ParseResult parsed) => parsed.GetValue(_query);

    /// <exception cref="UserException">An option is missing.</exception>
    public RetrievalPipelineOptions Read(ParseResult parsed) => new()
    {
        QueryId = parsed.GetValue(_query) ?? throw Missing(_query),
        QueryFeatures = parsed.GetValue(_queryFeatures) ?? [],
        ItemId = parsed.GetValue(_item) ?? throw Missing(_item),
        ItemFeatures = parsed.GetValue(_itemFeatures) ?? [],
        Kinds = Kinds(parsed),
    };

    /// <summary>What the user says columns are.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="categories">Columns that are categories, for tasks that ask for them.</param>
    /// <exception cref="UserException">A column is said to be two things.</exception>
    public IReadOnlyDictionary<string, FeatureKind> Kinds(ParseResult parsed, Option<string[]>? categories = null)
    {
        var kinds = new Dictionary<string, FeatureKind>(StringComparer.Ordinal);
        foreach (var (option, kind) in new[] { (_text, FeatureKind.Text), (_lists, FeatureKind.List), (_numbers, FeatureKind.Number), (categories, FeatureKind.Category) })
        {
            foreach (var name in option is null ? [] : parsed.GetValue(option) ?? [])
            {
                if (!kinds.TryAdd(name, kind))
                {
                    throw new UserException($"Column '{name}' is named twice among --text, --lists{(categories is null ? " and --numbers" : ", --numbers and --categories")}.");
                }
            }
        }

        return kinds;
    }

    internal static Option<string[]> Columns(string name, string description) => new(name)
    {
        Description = description + " Several may follow.",
        HelpName = "column",
        AllowMultipleArgumentsPerToken = true,
    };

    private static UserException Missing(Option option) => new($"Option '{option.Name}' is required. Run 'dotrec train --help' for the options.");
}
