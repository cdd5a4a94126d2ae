using System.CommandLine;
using DotRec.Pipelines;

namespace DotRec.Cli;

/// <summary>A preset, and options that change single settings of it.</summary>
internal sealed class SettingsOptions
{
    /// <summary>Names of the presets.</summary>
    public const string Tuned = "tuned";

    /// <inheritdoc cref="Tuned"/>
    public const string Tutorial = "tutorial";

    private readonly Option<string> _preset = new("--preset")
    {
        Description = "Retrieval: where the settings of two towers start; with other settings than tuned ones, these towers are tried. tuned: the defaults of DotRec's ready model; tutorial: TFRS' basic retrieval recipe.",
        DefaultValueFactory = _ => Tuned,
    };

    private readonly Option<int?> _dimension = new Option<int?>("--dimension") { Description = "Width of the embeddings; 32 in both presets. Ranking: the greatest width; see docs/cli.md for its defaults." }.AtLeastOne();
    private readonly Option<int?> _epochs = new Option<int?>("--epochs") { Description = "Passes over the data; 3 in both presets. With --validation-fraction the most passes." }.AtLeastOne();
    private readonly Option<int?> _batchSize = new Option<int?>("--batch-size") { Description = "Rows a step; tuned: 1024, tutorial: 8192." }.AtLeastOne();
    private readonly Option<string?> _optimizer = new("--optimizer") { Description = "How weights are updated; adagrad in both presets. Another one wants its own --learning-rate." };
    private readonly Option<double?> _learningRate = new("--learning-rate") { Description = "Size of the optimizer's steps; tuned: 0.2, tutorial: 0.1.", HelpName = "rate" };

    private readonly Option<double?> _idDropout = new("--id-dropout")
    {
        Description = "Retrieval: share of the ids that a step of two towers takes for unknown, in a tower with features beside the id, so that new items are placed by their features; tuned: 0.05, tutorial: 0.",
        HelpName = "0…1",
    };

    private readonly Option<double?> _negativeWeight = new("--negative-weight")
    {
        Description = "Retrieval: how much a row that --label says was not chosen counts beside the choices of its query, in two towers; 0.1 in both presets.",
        HelpName = "weight",
    };

    public SettingsOptions()
    {
        _preset.OneOf(Tuned, Tutorial);
        _optimizer.OneOf("adagrad", "adam", "sgd");
    }

    public IReadOnlyList<Option> All => [_preset, _dimension, _epochs, _batchSize, _optimizer, _learningRate, _idDropout, _negativeWeight];

    /// <summary>Options that only a retrieval model has.</summary>
    public IReadOnlyList<Option> OfRetrieval => [_preset, _idDropout, _negativeWeight];

    public static RetrievalSettings Preset(string name) => name == Tutorial ? RetrievalSettings.Tutorial : RetrievalSettings.Tuned;

    public RankingSettings ReadRanking(ParseResult parsed)
    {
        CheckRate(parsed);
        var defaults = new RankingSettings();
        return defaults with
        {
            Dimension = parsed.GetValue(_dimension) ?? defaults.Dimension,
            Epochs = parsed.GetValue(_epochs),
            BatchSize = parsed.GetValue(_batchSize),
            Optimizer = Optimizer(parsed) ?? defaults.Optimizer,
            LearningRate = parsed.GetValue(_learningRate),
        };
    }

    public RetrievalSettings Read(ParseResult parsed)
    {
        CheckRate(parsed);
        var preset = Preset(parsed.GetRequiredValue(_preset));
        return preset with
        {
            Dimension = parsed.GetValue(_dimension) ?? preset.Dimension,
            Epochs = parsed.GetValue(_epochs) ?? preset.Epochs,
            BatchSize = parsed.GetValue(_batchSize) ?? preset.BatchSize,
            Optimizer = Optimizer(parsed) ?? preset.Optimizer,
            LearningRate = parsed.GetValue(_learningRate) ?? preset.LearningRate,
            NegativeWeight = parsed.GetValue(_negativeWeight) is { } weight ? Weight(weight) : preset.NegativeWeight,
            IdDropout = parsed.GetValue(_idDropout) is { } share ? Dropout(share) : preset.IdDropout,
        };
    }

    private static double Weight(double weight) => weight >= 0 && double.IsFinite(weight) ? weight : throw new UserException(
        FormattableString.Invariant($"--negative-weight is {weight}; 0 or a positive number is needed."));

    private static double Dropout(double share) => share is >= 0 and < 1 ? share : throw new UserException(
        FormattableString.Invariant($"--id-dropout is {share}; it is a share of the ids from 0 to below 1."));

    private OptimizerKind? Optimizer(ParseResult parsed) =>
        parsed.GetValue(_optimizer) is { } name ? Enum.Parse<OptimizerKind>(name, ignoreCase: true) : null;

    private void CheckRate(ParseResult parsed)
    {
        if (parsed.GetValue(_learningRate) is { } rate && !(rate > 0 && double.IsFinite(rate)))
        {
            throw new UserException(FormattableString.Invariant($"--learning-rate is {rate}; a positive number is needed."));
        }
    }
}
