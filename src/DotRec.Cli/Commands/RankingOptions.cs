using System.CommandLine;
using DotRec.Data;
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
        DefaultValueFactory = _ => RankingSettings.AutoLoss,
    };

    private readonly Option<string> _network = new("--network")
    {
        Description = "Ranking: the model. dcn: cross layers, then deep ones; dcn-parallel: side by side; dlrm: products of embeddings; wide-deep: a linear part beside deep layers; mlp: deep layers alone; logistic: logistic or linear regression.",
        DefaultValueFactory = _ => RankingSettings.CrossNetwork,
    };

    private readonly Option<string?> _test = new("--test") { Description = "Ranking: a file of rows to test on, laid out as --data, instead of --test-fraction.", HelpName = "path" };

    public RankingOptions()
    {
        _loss.OneOf(RankingSettings.AutoLoss, RankingSettings.SquaredLoss, RankingSettings.LogLoss);
        _network.OneOf(RankingSettings.Networks);
    }

    public IReadOnlyList<Option> All => [_label, _features, _ignore, _categories, _positive, _loss, _network, _test];

    public Option<string[]> Categories => _categories;

    public string? Test(ParseResult parsed) => parsed.GetValue(_test);

    public string? Positive(ParseResult parsed) => parsed.GetValue(_positive);

    public string Loss(ParseResult parsed) => parsed.GetRequiredValue(_loss);

    public string Network(ParseResult parsed) => parsed.GetRequiredValue(_network);

    /// <summary>How the file is read: columns that the user calls something are read as that, so that a field which is not is an error with its line.</summary>
    public static CsvOptions Table(CsvOptions layout, IReadOnlyDictionary<string, FeatureKind> kinds) => layout with
    {
        Schema = [.. kinds.Select(kind => new ColumnSchema(kind.Key, kind.Value == FeatureKind.Number ? ColumnType.Float32 : ColumnType.String))],
    };

    /// <summary>Label and features.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="data">The table.</param>
    /// <param name="file">What errors call it.</param>
    /// <param name="time">Column of times that rows are held out by, which is no feature unless it is named; or null.</param>
    /// <exception cref="UserException">A column is not there, or has two places.</exception>
    public (string Label, string[] Features) Columns(ParseResult parsed, FeatureBatch data, string file, string? time)
    {
        var label = parsed.GetValue(_label) ?? throw new UserException("Option '--label' is required with --task ranking. Run 'dotrec train --help' for the options.");
        var (named, ignored) = (parsed.GetValue(_features) ?? [], parsed.GetValue(_ignore) ?? []);
        foreach (var (option, name) in named.Select(name => (_features.Name, name)).Concat(ignored.Select(name => (_ignore.Name, name))).Prepend((_label.Name, label)))
        {
            if (!data.TryGet(name, out _))
            {
                throw new UserException($"{file} has no column '{name}', which {option} names. Its columns are: {string.Join(", ", data.Schema)}.");
            }
        }

        if (named.Contains(label, StringComparer.Ordinal))
        {
            throw new UserException($"--features names '{label}', the label: a model that reads what it is to predict learns nothing. Leave it out.");
        }

        if (named.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1 || ignored.Contains(group.Key, StringComparer.Ordinal)) is { } twice)
        {
            throw new UserException($"Column '{twice.Key}' is named twice among --features and --ignore.");
        }

        string[] features = named.Length > 0 ? named : [.. data.Columns.Select(column => column.Name).Where(name => name != label && name != time && !ignored.Contains(name, StringComparer.Ordinal))];
        return features.Length > 0 ? (label, features) : throw new UserException($"{file} has no column left to predict '{label}' from.");
    }
}
