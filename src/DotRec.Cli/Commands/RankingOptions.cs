using System.CommandLine;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary>Options of <c>dotrec train</c> that only a ranking model has.</summary>
internal sealed class RankingOptions
{
    private readonly Option<string[]> _features = FeatureOptions.Columns("--features", "Ranking: columns to predict from; all others without it.");
    private readonly Option<string[]> _ignore = FeatureOptions.Columns("--ignore", "Ranking: columns that are no features.");
    private readonly Option<string[]> _categories = FeatureOptions.Columns("--categories", "Ranking: those of the features that are categories, though they look like numbers.");

    private readonly Option<string> _loss = new("--loss")
    {
        Description = "Ranking: what is minimised. logloss: for two classes; squared: for numbers; auto: by the label.",
        DefaultValueFactory = _ => "auto",
    };

    public RankingOptions()
    {
        _loss.OneOf("auto", "squared", "logloss");
    }

    public IReadOnlyList<Option> All => [_features, _ignore, _categories, _loss];

    public Option<string[]> Categories => _categories;

    /// <summary>What is predicted, from which columns.</summary>
    /// <exception cref="UserException">No label is named.</exception>
    public RankingPipelineOptions Read(ParseResult parsed, LabelOptions labels) => new()
    {
        Label = labels.Label(parsed) ?? throw new UserException("Option '--label' is required with --task ranking. Run 'dotrec train --help' for the options."),
        Features = parsed.GetValue(_features) ?? [],
        Ignore = parsed.GetValue(_ignore) ?? [],
        Positive = labels.Positive(parsed),
        Weight = labels.Weight(parsed),
        Loss = Enum.Parse<RankingLoss>(parsed.GetRequiredValue(_loss), ignoreCase: true),
    };
}
