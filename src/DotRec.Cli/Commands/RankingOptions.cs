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

    private readonly Option<string> _network = new("--network")
    {
        Description = "Ranking: the model. auto: that which does best on validation rows; dcn: cross layers, then deep ones; dcn-parallel: side by side; dlrm: products of embeddings; wide-deep: a linear part beside deep layers; field-aware: products of vectors that categories have for each other's columns; mlp: deep layers alone; logistic: logistic or linear regression.",
        DefaultValueFactory = _ => RankingNetworkKind.Auto.Name,
    };

    private readonly Option<double> _budget = new("--search-seconds")
    {
        Description = "Ranking, --network auto: how long networks may be compared; what is tried when the time is up counts as far as it came.",
        HelpName = "seconds",
        DefaultValueFactory = _ => new RankingPipelineOptions { Label = "label" }.SearchBudget!.Value.TotalSeconds,
    };

    public RankingOptions()
    {
        _loss.OneOf("auto", "squared", "logloss");
        _network.OneOf(RankingNetworkNames.All);
    }

    public IReadOnlyList<Option> All => [_label, _features, _ignore, _categories, _positive, _loss, _network, _budget];

    public Option<string[]> Categories => _categories;

    public RankingNetworkKind Network(ParseResult parsed) => RankingNetworkNames.KindOf(parsed.GetRequiredValue(_network));

    /// <summary>What is predicted, from which columns.</summary>
    /// <exception cref="UserException">No label is named.</exception>
    public RankingPipelineOptions Read(ParseResult parsed) => new()
    {
        Label = parsed.GetValue(_label) ?? throw new UserException("Option '--label' is required with --task ranking. Run 'dotrec train --help' for the options."),
        Features = parsed.GetValue(_features) ?? [],
        Ignore = parsed.GetValue(_ignore) ?? [],
        Positive = parsed.GetValue(_positive),
        SearchBudget = Budget(parsed),
        Loss = Enum.Parse<RankingLoss>(parsed.GetRequiredValue(_loss), ignoreCase: true),
    };

    private TimeSpan Budget(ParseResult parsed)
    {
        const double Most = 1e9;
        var seconds = parsed.GetValue(_budget);
        return seconds is > 0 and <= Most ? TimeSpan.FromSeconds(seconds) : throw new UserException(FormattableString.Invariant(
            $"--search-seconds is {seconds}; a positive number is needed."));
    }
}
