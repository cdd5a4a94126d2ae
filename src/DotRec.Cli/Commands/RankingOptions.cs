using System.CommandLine;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary>Options of <c>dotrec train</c> that only a ranking model has.</summary>
internal sealed class RankingOptions
{
    private readonly Option<string?> _label = new("--label") { Description = "Ranking, required: column to predict. Two values are classes, more numbers a rating.", HelpName = "column" };
    private readonly Option<string[]> _features = FeatureOptions.Columns("--features", "Ranking: columns to predict from; all others without it.");
    private readonly Option<string[]> _ignore = FeatureOptions.Columns("--ignore", "Ranking: columns that are no features.");
    private readonly Option<string[]> _categories = FeatureOptions.Columns("--categories", "Ranking: those of the features that are categories, though they look like numbers.");
    private readonly Option<string?> _positive = new("--positive") { Description = "Ranking: the label whose probability is predicted, for example \"yes\".", HelpName = "value" };

    private readonly Option<string> _loss = new("--loss")
    {
        Description = "Ranking: what is minimised. logloss: for two classes; squared: for numbers; auto: by the label.",
        DefaultValueFactory = _ => "auto",
    };

    public RankingOptions()
    {
        _loss.OneOf("auto", "squared", "logloss");
    }

    public IReadOnlyList<Option> All => [_label, _features, _ignore, _categories, _positive, _loss];

    public Option<string[]> Categories => _categories;

    /// <summary>What is predicted, from which columns.</summary>
    /// <exception cref="UserException">No label is named.</exception>
    public RankingPipelineOptions Read(ParseResult parsed) => new()
    {
        Label = parsed.GetValue(_label) ?? throw new UserException("Option '--label' is required with --task ranking. Run 'dotrec train --help' for the options."),
        Features = parsed.GetValue(_features) ?? [],
        Ignore = parsed.GetValue(_ignore) ?? [],
        Positive = parsed.GetValue(_positive),
        Loss = Enum.Parse<RankingLoss>(parsed.GetRequiredValue(_loss), ignoreCase: true),
    };
}
